// Two clients of one user, in Node and in a page of Chromium, for the torture suite of Hub.Tests: node witnesses.mjs HUB KEY USER GROUP…
// Writes a line of JSON for each message that they handle and each loss that they are told of. The line "reload" on its input reloads the page.
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
  await build({ entryPoints: [join(folder, "../../src/index.ts")], bundle: true, platform: "node", format: "esm", packages: "external", outfile: bundle });
  const { PushClient } = await import(bundle);
  const client = new PushClient({ url: `${hub}/hub`, token: mint, retry });
  client.on("*", ({ address, id, payload }) => write({ client: "node", event: "message", address, id, number: payload }));
  client.onLost(({ address }) => write({ client: "node", event: "lost", address }));
  await client.start();
  return client;
}

// What the page has handled it notes in the same breath as the client its cursor, so that no reload can come between.
const pageScript = `
  import { PushClient } from "/realtimehub.js";
  const note = (line) => {
    const number = Number(localStorage.getItem("notes") ?? 0);
    localStorage.setItem("note " + number, JSON.stringify(line));
    localStorage.setItem("notes", number + 1);
  };
  const client = new PushClient({ url: "/hub", token: () => window.mint(), retry: ${JSON.stringify(retry)}, storage: localStorage });
  client.on("*", ({ address, id, payload }) => note({ client: "page", event: "message", address, id, number: payload }));
  client.onLost(({ address }) => note({ client: "page", event: "lost", address }));
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

async function openPage(browser) {
  const page = await browser.newPage();
  await page.exposeFunction("mint", mint);
  await page.route("**/page", (route) => route.fulfill({ contentType: "text/html", body: `<script type="module">${pageScript}</script>` }));
  await load(page, () => page.goto(`${hub}/page`));
  return page;
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
const page = await openPage(browser);
write({ event: "ready" });

let taken = 0;
let isEnding = false;
const collecting = (async () => {
  while (!isEnding) {
    // A page that is being reloaded has its notes still when it is back.
    for (const note of await page.evaluate(notesFrom, taken).catch(() => [])) {
      process.stdout.write(`${note}\n`);
      taken++;
    }

    await new Promise((resolve) => setTimeout(resolve, 100));
  }
})();

for await (const line of createInterface({ input: process.stdin })) {
  if (line === "reload") {
    await load(page, () => page.reload());
    write({ event: "reloaded" });
  }
}

isEnding = true;
await collecting;
await client.stop();
await browser.close();
process.exit(0);
