import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { Chromium } from "./fixtures/Chromium.js";
import { DjangoSite } from "./fixtures/DjangoSite.js";
import { freePort } from "./fixtures/freePort.js";
import { HubNode } from "./fixtures/HubNode.js";
import { knock } from "./fixtures/knock.js";
import { NotesTab } from "./fixtures/NotesTab.js";
import { RedisServer } from "./fixtures/RedisServer.js";
import { testSigningOut } from "./fixtures/signingOut.js";

describe("The Django site in samples/django", () => {
  const tabs: NotesTab[] = [];
  let redis: RedisServer;
  let hub: HubNode;
  let site: DjangoSite;
  let chromium: Chromium;
  let bob: NotesTab;

  beforeAll(async () => {
    const port = await freePort();
    [redis, chromium] = await Promise.all([RedisServer.start(), Chromium.start()]);
    hub = await HubNode.start({
      redis: redis.connection,
      settings: { Origins__Allowed__0: `http://127.0.0.1:${port}`, Tokens__AcceptSeedFormat: "true" },
    });
    site = await DjangoSite.start({ port, hub: hub.url, redis: redis.connection });
    bob = await connect("bob");
    tabs.length = 0; // his stays open
  }, 180_000);

  afterAll(async () => {
    await Promise.all([site.stop(), hub.kill(), chromium.stop()]);
    await redis.stop();
  });

  afterEach(async () => {
    await Promise.all(tabs.map(({ page }) => page.close()));
    const consoles = [bob, ...tabs.splice(0)].flatMap(({ watch }) => watch.secrets);
    expect(consoles).toEqual([]);
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
    await tab.page.getByLabel("Username").fill(name);
    await tab.page.getByLabel("Password").fill(name);
    await tab.page.getByRole("button", { name: "Sign in" }).click();
    await tab.page.locator("#user").waitFor();
    return tab;
  }

  async function connect(name: string, url?: string): Promise<NotesTab> {
    const tab = await signIn(name, url);
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

  describe("with a token of the public contract", () => {
    test("shows in Alice's browser what Bob has sent in his", async () => {
      const alice = await connect("alice");

      await bob.send("alice", "Hello, Alice!");
      await alice.shows("bob: Hello, Alice!");

      await alice.send("bob", "<b>Hello</b>, Bob!");
      await bob.shows("alice: <b>Hello</b>, Bob!");
    });

    test("shows every note again after a reload, and those that came while the tab was elsewhere or closed", async () => {
      const alice = await connect("alice");
      await bob.send("alice", "open");
      await alice.shows("bob: open");

      await alice.page.goto("about:blank");
      await bob.send("alice", "elsewhere");
      await alice.page.goto(site.url);
      await alice.shows("bob: open", "bob: elsewhere");

      const context = alice.page.context();
      await alice.page.close();
      await bob.send("alice", "closed");
      const again = tabOf(await context.newPage());
      await again.page.goto(site.url);
      await again.shows("bob: open", "bob: elsewhere", "bob: closed");
    });

    test("connects with the token in the page, and with one that it asks for where the hub does not know it any more", async () => {
      const alice = await signIn("alice");
      const asked: string[] = [];
      alice.page.on("request", (request) => asked.push(new URL(request.url()).pathname));
      await alice.page.reload();
      await alice.untilState("Connected");
      expect(asked).not.toContain("/hub-token");

      await whileHubIsAway(async () => {
        await alice.untilState("Reconnecting");
        await redis.ask("DEL", "hub:{user%3Aalice}:reconnects");
      });

      await alice.untilBack();
      expect(asked).toContain("/hub-token");
    });

    test("keeps its pages and tokens out of every cache", async () => {
      const alice = await signIn("alice");
      const page = await alice.page.request.get(site.url);

      expect(page.headers()["cache-control"]).toContain("no-store");
      expect(await page.text()).toMatch(/<meta name="hub-token" content="wstoken[\w-]{43}">/);
    });

    test("shows no token to an anonymous visitor, and mints none", async () => {
      const { page } = tabOf(await chromium.newPage());
      await page.goto(site.url);

      expect(new URL(page.url()).pathname).toBe("/login");
      expect(await page.content()).not.toContain("wstoken");
      expect(await postWithCsrf(page, "/hub-token")).toBe(401);
    });

    test("refuses what another site has a browser post", async () => {
      const { page } = await signIn("alice");

      expect((await page.request.post(`${site.url}/hub-token`)).status()).toBe(403);
      expect((await page.request.post(site.url, { form: { to: "bob", text: "forged" } })).status()).toBe(403);
      expect((await page.request.post(`${site.url}/logout`)).status()).toBe(403);
      expect(await postWithCsrf(page, "/hub-token")).toBe(200);
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
        statusOfToken: (page) => postWithCsrf(page, "/hub-token"),
        whileHubIsAway,
      },
      /^[0-9a-f]{64}$/,
    );

    test("says in words that the hub is away, or refuses", async () => {
      await whileHubIsAway(async () => {
        await bob.write("alice", "into the void");
        await bob.says("The hub does not answer");

        const { port } = new URL(hub.url);
        const strict = await HubNode.start({ redis: redis.connection, port, settings: { Api__Keys__tests: "0".repeat(64) } });
        await bob.write("alice", "with a key of before");
        await bob.says("The hub refused the message").finally(() => strict.kill());
      });

      await bob.send("alice", "after all");
    });

    test("renders its pages while Redis is away, and has their clients try again", async () => {
      const port = await freePort();
      const away = await DjangoSite.start({ port, hub: hub.url, redis: `127.0.0.1:${await freePort()}` });
      onTestFinished(() => away.stop());
      const { page } = await signIn("alice", away.url);

      expect(await page.content()).not.toContain("wstoken");
      expect(await postWithCsrf(page, "/hub-token")).toBe(503);
      expect(away.output).toContain("Rendered a page without its token");
    });

    /** Posts as the page itself does, with the cookies of its browser and its token against CSRF. */
    async function postWithCsrf(page: Page, path: string): Promise<number> {
      const token = (await page.context().cookies()).find(({ name }) => name === "csrftoken")?.value ?? "";
      return (await page.request.post(new URL(path, page.url()).href, { headers: { "X-CSRFToken": token } })).status();
    }
  });

  describe("with the seed's own template tag", () => {
    test("connects by ws_token, and shows what is published to its user", async () => {
      const alice = await connect("alice", `${site.url}/seed`);

      await bob.send("alice", "As in the seed");

      await alice.shows("bob: As in the seed");
    });

    test("writes what the hub spends: once, and the second time it is told so", async () => {
      const { token, record } = await mint();
      expect(record).toMatch(/^\{"user": "alice", "time": "\d\d:\d\d:\d{4}:\d\d:\d\d:\d\d"\}$/);
      expect(await redis.ask("TTL", token)).toBe("-1");

      expect(await knock(`${hub.hubUrl}?ws_token=${token}`)).toBe("101");
      expect(await knock(`${hub.hubUrl}?ws_token=${token}`)).toBe("401 token_spent");
      expect(await negotiate(hub, token)).toBe("401 token_spent");
      expect(Number(await redis.ask("TTL", token))).toBeGreaterThan(0);
    });

    test("lives for twenty seconds", async () => {
      const { token, record } = await mint();
      await redis.ask("SET", token, aged(record, 21));

      expect(await knock(`${hub.hubUrl}?ws_token=${token}`)).toBe("401 token_unknown");
    });

    test("comes to nothing at a hub that does not accept the format", async () => {
      const strict = await HubNode.start({ redis: redis.connection });
      onTestFinished(() => strict.kill());
      const { token } = await mint();

      expect(await knock(`${strict.hubUrl}?ws_token=${token}`)).toBe("401 token_missing");
      expect(await knock(`${strict.hubUrl}?access_token=${token}`)).toBe("401 token_malformed");
      expect(await negotiate(strict, token)).toBe("401 token_malformed");
      expect(await negotiate(hub, token)).toBe("200 undefined");
    });

    /** The token of a page that no browser runs, so that it is still unspent, and what the tag has stored. */
    async function mint(): Promise<{ token: string; record: string }> {
      const { page } = await signIn("alice");
      const html = await (await page.request.get(`${site.url}/seed`)).text();
      const [token = ""] = /wstoken[0-9a-f]{32}/.exec(html) ?? [];
      return { token, record: await redis.ask("GET", token) };
    }

    async function negotiate(node: HubNode, token: string): Promise<string> {
      const headers = { authorization: `Bearer ${token}` };
      const answer = await fetch(`${node.hubUrl}/negotiate?negotiateVersion=1`, { method: "POST", headers });
      return `${answer.status} ${((await answer.json()) as { code?: string }).code}`;
    }

    /** The record as it would be if it had been written so many seconds before. */
    function aged(record: string, seconds: number): string {
      const { user, time } = JSON.parse(record) as { user: string; time: string };
      const [day = 0, month = 0, year, hour, minute, second] = time.split(":").map(Number);
      const earlier = new Date(Date.UTC(year ?? 0, month - 1, day, hour, minute, (second ?? 0) - seconds)).toISOString();
      const [, y, mo, d, clock] = /(\d+)-(\d+)-(\d+)T([\d:]+)/.exec(earlier) ?? [];
      return JSON.stringify({ user, time: `${d}:${mo}:${y}:${clock}` });
    }
  });
});
