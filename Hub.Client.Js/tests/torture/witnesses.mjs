// Clients of one user for the torture suite of Hub.Tests: one in Node, one in a page of Chromium, one in a page whose WebSockets all fail.
// node witnesses.mjs HUB KEY USER GROUP… writes a line of JSON for each message that they handle, each loss that they are told of and
// each step between their states. The line "reload" on its input reloads the pages.
import { createInterface } from "node:readline";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { chromium } from "playwright-core";

const [hub, key, user, ...groups] = process.argv.slice(2);
const folder = dirname(fileURLToPath(import.meta.url));
const retry = { firstMs: 100, maxMs: 1_000 };

const write = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

async function mint() {
  const answer = await fetch(`${hub}/api/tokens`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-api-key": key },
    body: JSON.stringify({ sub: user, groups }),
  });
  if (!answer.ok) {
    throw new Error(`The hub minted nothing: ${answer.status}.`);
  }

  return (await answer.json()).token;
}

async function startInNode() {
  const bundle = join(folder, "../../node_modules/.cache/witnesses", `${process.pid}.mjs`);
  await build({
    entryPoints: [join(folder, "../../src/index.ts")],
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
    outfile: bundle,
  });
  const { PushClient } = await import(bundle);
  const client = new PushClient({ url: `${hub}/hub`, token: mint, retry });
  client.on("*", ({ address, id, payload }) => write({ client: "node", event: "message", address, id, number: payload }));
  client.onLost(({ address }) => write({ client: "node", event: "lost", address }));
  client.onState(({ state, error }) => write({ client: "node", event: "did", what: `${state} ${error?.message ?? ""}` }));
  await client.start();
  return client;
}

// What the page has handled it notes in the same breath as the client its cursor, so that no reload can come between.
const pageScript = (name) => `
  import { PushClient } from "/realtimehub.js";
  const note = (line) => {
    const number = Number(localStorage.getItem("notes") ?? 0);
    localStorage.setItem("note " + number, JSON.stringify({ client: "${name}", ...line }));
    localStorage.setItem("notes", number + 1);
  };
  const client = new PushClient({ url: "/hub", token: () => window.mint(), retry: ${JSON.stringify(retry)}, storage: localStorage });
  client.on("*", ({ address, id, payload }) => note({ event: "message", address, id, number: payload }));
  client.onLost(({ address }) => note({ event: "lost", address }));
  client.onState(({ state, error }) => note({ event: "did", what: state + " " + (error?.message ?? "") }));
  await client.start();
  window.started = true;`;

/** The page's notes from a number on, oldest first. It forgets those before: they have arrived here. */
const notesFrom = (first) => {
  for (let number = first - 1; localStorage.getItem(`note ${number}`) !== null; number--) {
    localStorage.removeItem(`note ${number}`);
  }

  const notes = [];
  for (let number = first; number < Number(localStorage.getItem("notes") ?? 0); number++) {
    notes.push(localStorage.getItem(`note ${number}`));
  }

  return notes;
};

/** As behind a proxy that lets no upgrade through: the hub answers 404. */
const breakWebSockets = () => {
  window.WebSocket = class extends WebSocket {
    constructor(url, protocols) {
      super(String(url).replace("/hub", "/no-hub"), protocols);
    }
  };
};

/** A page with a storage of its own. Chromium does not know where the page comes from, so it needs a permission to reach this machine. */
async function openPage(browser, name, { hasWebSockets }) {
  const context = await browser.newContext({ permissions: ["local-network-access"] });
  const page = await context.newPage();
  const witness = { page, taken: 0, framesSeen: 0 };
  page.on("websocket", (socket) => socket.on("framereceived", () => witness.framesSeen++));
  await page.exposeFunction("mint", mint);
  await page.route("**/page", (route) =>
    route.fulfill({ contentType: "text/html", body: `<script type="module">${pageScript(name)}</script>` }),
  );
  if (!hasWebSockets) {
    await page.addInitScript(breakWebSockets);
  }

  await load(page, () => page.goto(`${hub}/page`));
  if (witness.framesSeen > 0 !== hasWebSockets) {
    throw new Error(`The ${name} has connected ${hasWebSockets ? "without" : "by"} a WebSocket.`);
  }

  return witness;
}

/** The script comes from the hub, which may be away: then the page is loaded once more. */
async function load(page, go) {
  for (;;) {
    try {
      await go();
      await page.waitForFunction("window.started", undefined, { timeout: 30_000 });
      return;
    } catch {
      go = () => page.goto(`${hub}/page`);
    }
  }
}

const client = await startInNode();
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
const witnesses = await Promise.all([
  openPage(browser, "page", { hasWebSockets: true }),
  openPage(browser, "page without WebSockets", { hasWebSockets: false }),
]);
write({ event: "ready" });

let isEnding = false;

async function collect(witness) {
  while (!isEnding) {
    // A page that is being reloaded has its notes still when it is back.
    for (const note of await witness.page.evaluate(notesFrom, witness.taken).catch(() => [])) {
      process.stdout.write(`${note}\n`);
      witness.taken++;
    }

    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const collecting = witnesses.map(collect);

for await (const line of createInterface({ input: process.stdin })) {
  if (line === "reload") {
    await Promise.all(witnesses.map(({ page }) => load(page, () => page.reload())));
    write({ event: "reloaded" });
  }
}

isEnding = true;
await Promise.all(collecting);
await client.stop();
await browser.close();
process.exit(0);
