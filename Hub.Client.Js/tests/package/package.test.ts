import { readdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { build as esbuild, type BuildOptions } from "esbuild";
import { build as vite } from "vite";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { FakeHub } from "../fixtures/FakeHub.js";
import { PackedPackage } from "./PackedPackage.js";

interface WebpackStats {
  toJson(options: object): { readonly errors: readonly unknown[]; readonly warnings: readonly unknown[] };
}

const require = createRequire(import.meta.url);
const tsc = join(dirname(require.resolve("typescript7/package.json")), "bin/tsc");

// Those two are no part of what building the client takes: see package.json here.
const jest = join(dirname(require.resolve("jest/package.json")), "bin/jest.js");
const webpack = require("webpack") as (options: object, done: (error: Error | null, stats: WebpackStats) => void) => void;

const use = `
const client = new PushClient({ url: process.argv[2], token: () => Promise.resolve("t1") });
client.start().then(() => client.stop()).then(() => console.log("connected"));`;
const imports = `import { PushClient } from "@realtimehub/client";${use}`;
const requires = `const { PushClient } = require("@realtimehub/client");${use}`;

const typed = `
import { ConnectionError, PushClient, SignInRequiredError, tokenFrom } from "@realtimehub/client";
import type { ConnectionEnd, Loss, PushClientOptions, PushMessage } from "@realtimehub/client";

const options: PushClientOptions = { url: "/hub", token: tokenFrom("/hub-token"), storage: () => localStorage, from: "retained" };
const client: PushClient = new PushClient(options);
client.on("greeting", ({ payload, after }: PushMessage<{ text: string }>) => console.log(payload.text.length, after?.length));
client.onEnded(({ code, reason, mayComeBack }: ConnectionEnd) => console.log(code.length, reason.length, !mayComeBack));
client.onLost(({ address }: Loss) => console.log(address.length));
client.onState(({ error }) => console.log(error instanceof SignInRequiredError ? error.code : error?.message));
console.log(new SignInRequiredError("Sign in.", { cause: new ConnectionError("Gone.") }).code);
// @ts-expect-error: the types are those of the package, and not any.
client.on("greeting", 7);`;

const jestTest = (head: string): string => `${head}
test("has a client", () => {
  const client = new PushClient({ url: "http://localhost/hub", token: () => Promise.resolve("t1") });
  expect(client.state).toBe("stopped");
});`;

describe("The packed package", () => {
  let application: PackedPackage;
  let hub: FakeHub;

  beforeAll(async () => void (application = await PackedPackage.install()));
  afterAll(() => application.remove());
  beforeEach(async () => void (hub = await FakeHub.start()));
  afterEach(() => hub.stop());

  /** Runs a program, which connects to a hub. */
  async function connects(program: string): Promise<void> {
    expect(await application.node(program, hub.url)).toBe("connected\n");
    expect(hub.requests.map(({ kind }) => kind)).toEqual(["websocket"]);
  }

  /** What is bundled for a page needs nothing of Node, not even to find out that it is not there. */
  async function isForPages(bundle: string): Promise<void> {
    const text = await readFile(bundle, "utf8");
    expect(text).toContain("WebSocket");
    expect(text).not.toMatch(/node:|\brequire\(|permessage-deflate/);
  }

  test("brings nothing along", async () => {
    expect((await readdir(application.path("node_modules"))).filter((name) => !name.startsWith("."))).toEqual(["@realtimehub"]);
  });

  test("has the licences of what is bundled into it", async () => {
    const notices = await readFile(application.path("node_modules/@realtimehub/client/THIRD-PARTY-NOTICES"), "utf8");
    expect(notices).toContain("@microsoft/signalr");
    expect(notices).toContain("Luigi Pinca");
  });

  describe("in Node", () => {
    test("is imported", async () => {
      await connects(await application.write("main.mjs", imports));
    });

    test("is required", async () => {
      await connects(await application.write("main.cjs", requires));
    });
  });

  describe("with TypeScript, checked with all its types and no newer library than that of 2020", () => {
    const strict = ["--noEmit", "--strict", "--skipLibCheck", "false", "--target", "es2020", "--lib", "es2020,dom", "--types", ""];

    test.each([
      ["main.mts", "node16"],
      ["main.cts", "node16"],
      ["main.mts", "nodenext"],
      ["main.cts", "nodenext"],
      ["main.ts", "preserve"],
      ["main.ts", "esnext"],
    ])("is imported by %s as a module of %s", async (file, module) => {
      const entry = await application.write(`typed/${file}`, typed);
      const resolution = module.startsWith("node") ? module : "bundler";

      expect(await application.node(tsc, ...strict, "--module", module, "--moduleResolution", resolution, entry)).toBe("");
    });
  });

  describe("in Jest", () => {
    test.each([
      ["in Node", []],
      ["as for a page", ["browser"]],
    ])("is required, %s", async (_, conditions) => {
      await application.write("jest/main.test.js", jestTest('const { PushClient } = require("@realtimehub/client");'));
      await application.write(
        "jest/config.json",
        JSON.stringify({ rootDir: ".", testEnvironmentOptions: conditions.length ? { customExportConditions: conditions } : {} }),
      );

      expect(await application.node(jest, "--config", "jest/config.json", "--no-watchman")).toContain("1 passed");
    });

    test("is imported", async () => {
      await application.write("jest-esm/main.test.mjs", jestTest('import { PushClient } from "@realtimehub/client";'));
      await application.write("jest-esm/config.json", JSON.stringify({ rootDir: ".", testMatch: ["**/*.test.mjs"], transform: {} }));

      expect(await application.node("--experimental-vm-modules", jest, "--config", "jest-esm/config.json", "--no-watchman")).toContain(
        "1 passed",
      );
    });
  });

  describe("bundled by esbuild", () => {
    test.each<[source: string, format: NonNullable<BuildOptions["format"]>, name: string]>([
      ["main.mjs", "esm", "imported.mjs"],
      ["main.mjs", "cjs", "imported.cjs"],
      ["main.cjs", "cjs", "required.cjs"],
    ])("from %s as %s, runs where nothing is installed", async (source, format, name) => {
      const entryPoints = [await application.write(`esbuild/${source}`, source.endsWith("mjs") ? imports : requires)];
      const outfile = application.elsewhere(`esbuild/${name}`);
      const { warnings } = await esbuild({ entryPoints, bundle: true, platform: "node", format, outfile, logLevel: "silent" });

      expect(warnings).toEqual([]);
      await connects(outfile);
    });

    test("for pages, needs nothing of Node", async () => {
      const entryPoints = [await application.write("esbuild/page.mjs", imports)];
      const outfile = application.elsewhere("esbuild/page.js");
      const { warnings } = await esbuild({ entryPoints, bundle: true, format: "esm", outfile, logLevel: "silent" });

      expect(warnings).toEqual([]);
      await isForPages(outfile);
    });
  });

  describe("bundled by Vite", () => {
    async function build(kind: "page" | "server"): Promise<string> {
      const input = await application.write(`vite/${kind}.mjs`, imports);
      const outDir = application.elsewhere(`vite-${kind}`);
      await vite({
        root: application.path("vite"),
        configFile: false,
        logLevel: "error",
        build: {
          outDir,
          emptyOutDir: true,
          minify: false,
          ssr: kind === "server",
          rolldownOptions: { input, output: { entryFileNames: "[name].mjs" } },
        },
        ssr: { noExternal: true },
      });
      return join(outDir, `${kind}.mjs`);
    }

    test("for servers, runs where nothing is installed", async () => {
      await connects(await build("server"));
    });

    test("for pages, needs nothing of Node", async () => {
      await isForPages(await build("page"));
    });
  });

  describe("bundled by webpack", () => {
    async function build(source: string, options: object): Promise<string> {
      const entry = await application.write(`webpack/${source}`, source.endsWith("mjs") ? imports : requires);
      const path = application.elsewhere("webpack");
      const filename = `${source}.${"experiments" in options ? "mjs" : "cjs"}`;
      const stats = await new Promise<WebpackStats>((resolve, reject) => {
        const settings = { mode: "development", devtool: false, context: application.folder, entry, ...options };
        webpack({ ...settings, output: { path, filename, ...("experiments" in options && { module: true }) } }, (error, built) =>
          error ? reject(error) : resolve(built),
        );
      });
      expect(stats.toJson({ all: false, errors: true, warnings: true })).toMatchObject({ errors: [], warnings: [] });
      return join(path, filename);
    }

    test.each([
      ["main.mjs", { target: "node" }],
      ["main.cjs", { target: "node" }],
      ["module.mjs", { target: "node", experiments: { outputModule: true } }],
    ])("from %s with %j, runs where nothing is installed", async (source, options) => {
      await connects(await build(source, options));
    });

    test.each(["page.mjs", "page.cjs"])("for pages, from %s, needs nothing of Node", async (source) => {
      const text = await readFile(await build(source, { target: "web" }), "utf8");
      expect(text).not.toMatch(/node:|permessage-deflate/);
    });
  });
});
