// Builds what the package holds: `node build.mjs`, or `node build.mjs browser` for no more than the one file that the hub serves.
//
// The stock client gets its Node parts through a `require` that it looks for at run time. An ES module has none, and a bundler cannot
// follow it: the result fails with 'Dynamic require of "ws" is not supported'. So here `require` is undefined, and our own import of ws is
// bundled, with the Node modules that it needs as imports. The package then has no dependencies, and can be bundled again in any format.
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { basename } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";

/**
 * What the stock client has and never uses here: requests of its own, the buffer of its stateful reconnect, and what it would log, since it
 * is given `LogLevel.None`. A seventh of the file.
 */
const unused = {
  name: "unused",
  setup({ onLoad }) {
    onLoad({ filter: /signalr[\\/]dist[\\/]esm[\\/](DefaultHttpClient|MessageBuffer)\.js$/ }, ({ path }) => ({
      contents: `export class ${basename(path, ".js")} {}`,
    }));
    onLoad({ filter: /signalr[\\/]dist[\\/]esm[\\/]\w+\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(/^ *(this\._)?logger\.log\(.*\);$/gm, ""),
    }));
  },
};

const common = { bundle: true, target: "es2022", legalComments: "eof", logLevel: "warning" };
const source = { ...common, entryPoints: ["src/index.ts"], plugins: [unused] };
const forBrowsers = { ...source, platform: "browser", define: { process: "undefined", require: "undefined" } };

async function buildForNode() {
  const esm = await textOf({
    ...source,
    platform: "node",
    mainFields: ["module", "main"],
    format: "esm",
    external: ["ws"],
    define: { require: "undefined" },
  });

  // The optional parts of ws are native: no bundler can include them.
  const define = { "process.env.WS_NO_BUFFER_UTIL": "'1'", "process.env.WS_NO_UTF_8_VALIDATE": "'1'" };
  const withSocket = { ...common, stdin: { contents: esm, resolveDir: "." }, platform: "node", define };
  await build({ ...withSocket, format: "cjs", outfile: "dist/cjs/node.js" });
  await build({ ...withSocket, format: "esm", outfile: "dist/esm/node.js", banner: { js: await builtinsOf(withSocket) } });
}

/** The modules of Node that a bundle requires, as imports, and a `require` that knows them. */
async function builtinsOf(options) {
  const { metafile } = await build({ ...options, format: "esm", write: false, metafile: true, outfile: "node.js" });
  const required = Object.values(metafile.outputs)
    .flatMap(({ imports }) => imports)
    .filter(({ kind }) => kind === "require-call");
  const names = [...new Set(required.map(({ path }) => path))];
  const imports = names.map((name) => `import node_${name} from "node:${name}";`);
  return [...imports, `const require = (name) => ({ ${names.map((name) => `${name}: node_${name}`).join(", ")} })[name];`].join("\n");
}

async function textOf(options) {
  const { outputFiles } = await build({ ...options, write: false });
  return outputFiles[0].text;
}

/** Beside a file that the hub serves, the same as small as it gets: .br and .gzip. The hub embeds all three. */
function compress(file) {
  const plain = readFileSync(file);
  writeFileSync(`${file}.br`, brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: plain.length } }));
  writeFileSync(`${file}.gzip`, gzipSync(plain, { level: constants.Z_BEST_COMPRESSION }));
}

/** Once for each kind of module: to TypeScript, a declaration is of the kind of the package.json nearest to it. */
function declareTypes(folder) {
  const tsc = createRequire(import.meta.url)
    .resolve("typescript7/package.json")
    .replace(/package\.json$/, "bin/tsc");
  execFileSync(process.execPath, [tsc, "-p", "tsconfig.build.json", "--outDir", folder], { stdio: "inherit" });
}

await build({ ...forBrowsers, format: "esm", minify: true, outfile: "dist/realtimehub.js" });
compress("dist/realtimehub.js");
await build({ ...forBrowsers, entryPoints: ["dashboard/main.ts"], format: "esm", minify: true, outfile: "dist/dashboard.js" });
if (process.argv[2] !== "browser") {
  rmSync("dist/esm", { recursive: true, force: true });
  rmSync("dist/cjs", { recursive: true, force: true });
  declareTypes("dist/esm");
  declareTypes("dist/cjs");
  writeFileSync("dist/cjs/package.json", '{ "type": "commonjs" }\n');
  await build({ ...forBrowsers, format: "esm", outfile: "dist/esm/browser.js" });
  await build({ ...forBrowsers, format: "cjs", outfile: "dist/cjs/browser.js" });
  await buildForNode();
}
