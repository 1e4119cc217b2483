import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { AspNetSite } from "./fixtures/AspNetSite.js";
import { Chromium } from "./fixtures/Chromium.js";
import { freePort } from "./fixtures/freePort.js";
import { HubNode } from "./fixtures/HubNode.js";
import { NotesTab } from "./fixtures/NotesTab.js";
import { RedisServer } from "./fixtures/RedisServer.js";
import { testSigningOut } from "./fixtures/signingOut.js";

describe("The ASP.NET site in samples/aspnet", () => {
  const tabs: NotesTab[] = [];
  let redis: RedisServer;
  let hub: HubNode;
  let site: AspNetSite;
  let chromium: Chromium;
  let bob: NotesTab;

  beforeAll(async () => {
    const port = await freePort();
    [redis, chromium] = await Promise.all([RedisServer.start(), Chromium.start()]);
    hub = await HubNode.start({ redis: redis.connection, settings: { Origins__Allowed__0: `http://127.0.0.1:${port}` } });
    site = await AspNetSite.start({ port, hub: hub.url, redis: redis.connection });
    bob = await connect("bob");
    tabs.length = 0; // his stays open
  }, 180_000);

  afterAll(async () => {
    await Promise.all([site.stop(), hub.kill(), chromium.stop()]);
    await redis.stop();
  });

  afterEach(async () => {
    await Promise.all(tabs.map(({ page }) => page.close()));
    expect([bob, ...tabs.splice(0)].flatMap(({ watch }) => watch.secrets)).toEqual([]);
    expect(hub.output).not.toMatch(/ws(token|grant|reconnect)/);
    expect(site.output).not.toMatch(/ws(token|grant|reconnect)/);
  });

  function tabOf(page: Page): NotesTab {
    const tab = new NotesTab(page);
    tabs.push(tab);
    return tab;
  }

  async function signIn(name: string, url = site.url): Promise<NotesTab> {
    const tab = tabOf(await chromium.newPage());
    await tab.page.goto(url);
    await tab.page.getByLabel("Your name").fill(name);
    await tab.page.getByRole("button", { name: "Sign in" }).click();
    await tab.page.locator("#user").waitFor();
    return tab;
  }

  async function connect(name: string): Promise<NotesTab> {
    const tab = await signIn(name);
    await tab.untilState("Connected");
    return tab;
  }

  /** Has the hub be back in the end, so that a failure here is not one of every test that follows. */
  async function whileHubIsAway(action: () => Promise<unknown>): Promise<void> {
    await hub.kill();
    try {
      await action();
    } finally {
      hub = await hub.restart();
    }
  }

  test("shows in Alice's browser what Bob has sent in his", async () => {
    const alice = await connect("alice");

    await bob.send("alice", "Hello, Alice!");
    await alice.shows("bob: Hello, Alice!");

    await alice.send("bob", "<b>Hello</b>, Bob!");
    await bob.shows("alice: <b>Hello</b>, Bob!");
  });

  test("reaches whoever is called anything", async () => {
    const name = "Zoë / <Ω> {7} %2F";
    const zoe = await connect(name);

    await bob.send(name, "Is that you?");

    await zoe.shows("bob: Is that you?");
  });

  test("goes on after a reload where the tab ended", async () => {
    const alice = await connect("alice");
    await bob.send("alice", "before");
    await alice.shows("bob: before");

    await alice.page.goto("about:blank");
    await bob.send("alice", "meanwhile");
    await alice.page.goto(site.url);

    await alice.shows("bob: before", "bob: meanwhile");
  });

  test("keeps a note that comes as the page of its own sender goes", async () => {
    const alice = await connect("alice");

    await alice.send("alice", "to myself");

    await alice.shows("alice: to myself");
  });

  test("misses nothing between the rendering of a page and its connecting", async () => {
    const alice = await signIn("alice");
    let letGo = () => {};
    const held = new Promise<void>((resolve) => (letGo = resolve));
    await alice.page.route("**/realtimehub.js", async (route) => {
      await held;
      await route.continue();
    });
    await alice.page.evaluate(() => sessionStorage.clear());
    await alice.page.reload({ waitUntil: "commit" });
    await alice.page.locator("#notes").waitFor({ state: "attached" });
    await bob.send("alice", "in between");

    letGo();

    await alice.shows("bob: in between");
  });

  test("publishes while every hub is down, and the note is there when one is back", async () => {
    const alice = await connect("alice");
    await whileHubIsAway(async () => {
      await alice.untilState("Reconnecting");
      await bob.send("alice", "You were away");
    });

    await alice.untilBack();
    await alice.shows("bob: You were away");
  });

  test("shows no token to an anonymous visitor, and mints none", async () => {
    const { page } = tabOf(await chromium.newPage());
    await page.goto(site.url);

    expect(new URL(page.url()).pathname).toBe("/SignIn");
    expect(await page.content()).not.toContain("wstoken");
    expect((await page.request.post(`${site.url}/hub-token`)).status()).toBe(401);
  });

  test("keeps its pages and tokens out of every cache", async () => {
    const { page } = await signIn("alice");
    const answers = [await page.request.get(site.url), await page.request.post(`${site.url}/hub-token`)];

    for (const answer of answers) {
      expect(answer.headers()["cache-control"]).toContain("no-store");
      expect(await answer.text()).toContain("wstoken");
    }
  });

  test("refuses what another site has a browser post", async () => {
    const { page } = await signIn("alice");

    expect((await page.request.post(site.url, { form: { To: "bob", Text: "forged" } })).status()).toBe(400);
    expect((await page.request.post(`${site.url}/SignIn?handler=Out`)).status()).toBe(400);
  });

  testSigningOut(
    {
      get hub() {
        return hub;
      },
      get bob() {
        return bob;
      },
      get log() {
        return site.output;
      },
      connect,
      async openBeside(tab) {
        const other = tabOf(await tab.page.context().newPage());
        await other.page.goto(site.url);
        await other.untilState("Connected");
        return other;
      },
      statusOfToken: async (page) => (await page.request.post(`${site.url}/hub-token`)).status(),
      whileHubIsAway,
    },
    /^[0-9a-f]{32}$/,
  );

  test("says in words what is missing in the form, and that Redis is away", async () => {
    const away = await AspNetSite.start({ port: await freePort(), hub: hub.url, redis: `127.0.0.1:${await freePort()}` });
    onTestFinished(() => away.stop());
    const carol = await signIn("carol", away.url);

    await carol.write("alice", "");
    await carol.says("Write something.");

    await carol.write("alice", "into the void");
    await carol.says("Redis does not answer");
  });
});
