import { createHash } from "node:crypto";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { PushClient } from "../../src/index.js";
import { MemoryStorage } from "../fixtures/MemoryStorage.js";
import { Chromium } from "./fixtures/Chromium.js";
import { ConsoleWatch } from "./fixtures/ConsoleWatch.js";
import { freePort } from "./fixtures/freePort.js";
import { apiKey, HubNode } from "./fixtures/HubNode.js";
import { lowestContrast } from "./fixtures/lowestContrast.js";
import { RedisServer } from "./fixtures/RedisServer.js";
import { SilentSocket } from "./fixtures/SilentSocket.js";

const readOnlyKey = "key-that-only-reads";
const mintingKey = "key-that-only-mints";
const markup = "<img src=x onerror=\"document.title='pwned'\">";

/** The page looks at the hub every five seconds, and the hub at its nodes as often. */
const looked = { timeout: 30_000 };

let users = 0;

describe("The dashboard", () => {
  const clients: PushClient[] = [];
  const tabs: Page[] = [];
  let redis: RedisServer;
  let near: HubNode;
  let far: HubNode;
  let chromium: Chromium;
  let url: string;

  beforeAll(async () => {
    [redis, chromium] = await Promise.all([RedisServer.start(), Chromium.start()]);
    url = `http://127.0.0.1:${await freePort()}`;
    const settings = {
      Canary__Enabled: "true",
      Drain__Time: "00:00:05",
      Limits__WaitingTime: "00:05:00",
      Api__Keys__reader: createHash("sha256").update(readOnlyKey).digest("hex"),
      Api__Scopes__reader: "read",
      Api__Keys__minter: createHash("sha256").update(mintingKey).digest("hex"),
      Api__Scopes__minter: "mint",
    };
    const start = (more: Readonly<Record<string, string>>) =>
      HubNode.start({ redis: redis.connection, retains: 500, settings: { ...settings, ...more } });
    [near, far] = await Promise.all([start({ Dashboard__Urls: url }), start({})]);
  });

  afterAll(async () => {
    await Promise.all([near.kill(), far.kill(), chromium.stop()]);
    await redis.stop();
  });

  afterEach(async () => {
    await Promise.all([...clients.splice(0).map((client) => client.stop()), ...tabs.splice(0).map((tab) => tab.close())]);
  });

  function nextUser(): string {
    return `user ${++users}`;
  }

  /** Opens a page of the dashboard with a key. */
  async function open(path = "overview", key = apiKey): Promise<Page> {
    const page = await chromium.newPage();
    tabs.push(page);
    await page.goto(`${url}/dashboard/#/${path}`);
    await enter(page, key);
    return page;
  }

  async function enter(page: Page, key: string): Promise<void> {
    await page.getByLabel("Key", { exact: true }).fill(key);
    await page.getByRole("button", { name: "Open" }).click();
  }

  function openUser(name: string, key = apiKey): Promise<Page> {
    return open(`users/${encodeURIComponent(name)}`, key);
  }

  /** A client whose handlers write down what they get. */
  async function connect(name: string, groups: readonly string[] = [], node = near): Promise<{ client: PushClient; got: unknown[] }> {
    const got: unknown[] = [];
    const client = new PushClient({
      url: node.hubUrl,
      token: () => node.mint(name, groups),
      storage: new MemoryStorage(),
      retry: { firstMs: 20, maxMs: 100 },
      logger: { warn() {} },
    });
    clients.push(client);
    client.on("*", ({ payload }) => void got.push(payload));
    await client.start();
    return { client, got };
  }

  function rows(page: Page, table: string): Promise<readonly string[]> {
    return page.getByRole("table", { name: table }).locator("tbody tr").allInnerTexts();
  }

  async function press(page: Page, button: string, outcome: string | RegExp): Promise<void> {
    await page.getByRole("button", { name: button, exact: true }).click();
    await expect.poll(() => page.locator("main > output").allTextContents()).toContainEqual(expect.stringMatching(outcome));
  }

  function sentences(page: Page): Promise<readonly string[]> {
    return page.locator(".sentences li").allTextContents();
  }

  function focused(page: Page): Promise<string> {
    return page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent ?? "");
  }

  /** Steps on by keyboard until something of that name has the focus, and sees that it shows on the way. */
  async function stepTo(page: Page, name: string): Promise<void> {
    await expect
      .poll(
        async () => {
          await page.keyboard.press("Tab");
          const outline = await page.evaluate(() => getComputedStyle(document.activeElement ?? document.body).outlineStyle);
          return [outline, await focused(page)];
        },
        { interval: 10 },
      )
      .toEqual(["solid", name]);
  }

  async function ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers = { "x-api-key": apiKey, "content-type": "application/json" };
    const response = await fetch(`${near.url}/api/${path}`, { method, headers, body: body === undefined ? null : JSON.stringify(body) });
    return (await response.json()) as T;
  }

  async function problemOf(asked: Promise<Response>): Promise<readonly [number, string]> {
    const response = await asked;
    return [response.status, ((await response.json()) as { code: string }).code];
  }

  async function idOf(node: HubNode, other: HubNode): Promise<string> {
    const name = nextUser();
    const { client } = await connect(name, [], node);
    await expect.poll(() => other.nodesOf(name)).toHaveLength(1);
    const [id = ""] = await other.nodesOf(name);
    await client.stop();
    return id;
  }

  describe("shows", () => {
    test("whether it works, and how many connections there are", async () => {
      const page = await open();
      await expect.poll(() => page.locator(".alarm").allTextContents(), looked).toEqual(["Yes: nothing is to be looked at."]);
      await expect.poll(() => page.locator(".figure").first().innerText(), looked).toMatch(/^Connections\s+0\s/);

      await Promise.all([connect(nextUser()), connect(nextUser()), connect(nextUser(), [], far)]);

      await expect.poll(() => page.locator(".figure").first().innerText(), looked).toMatch(/^Connections\s+3\s+at most \d/);
      expect(await page.locator(".figure").count()).toBe(6);
    });

    test("each node, and how long messages take from each to each", async () => {
      const ids = [await idOf(near, far), await idOf(far, near)].sort();
      const page = await open("nodes");

      await expect.poll(async () => (await rows(page, "Nodes")).map((row) => row.split(/\s/)[0]).sort()).toEqual(ids);
      await expect
        .poll(async () => (await rows(page, "How long messages take from node to node")).join("\n").match(/[\d.]+ ms/g), looked)
        .toHaveLength(4);
    });

    test("who is connected, and with what", async () => {
      const name = nextUser();
      await Promise.all([connect(name), connect(name, [], far)]);
      const page = await open("users");
      await expect.poll(() => rows(page, "Users"), looked).toContainEqual(expect.stringMatching(new RegExp(`^${name}\\s+2$`)));

      await page.getByRole("link", { name, exact: true }).click();

      const ids = await near.connectionIdsOf(name);
      await expect.poll(async () => (await rows(page, `Connections of ${name}`)).map((row) => row.split(/\s/)[0])).toEqual(ids);
      expect((await rows(page, `Connections of ${name}`))[0]).toMatch(/realtimehub-js\/\S+\s+WebSockets/);
    });

    test("the groups of a user that last, and how far the devices are", async () => {
      const name = nextUser();
      const { got } = await connect(name);
      await ask("PUT", `groups/trial/users/${encodeURIComponent(name)}?until=2099-01-31T12:00:00Z`);
      await near.push(name, "note", "hello");
      await expect.poll(() => got).toEqual(["hello"]);
      const page = await openUser(name);

      await expect.poll(() => rows(page, `Groups of ${name}`)).toEqual([expect.stringMatching(/^group:trial\s+2099-01-31 12:00:00$/)]);
      await expect
        .poll(() => rows(page, `Devices of ${name}`), looked)
        .toEqual([expect.stringMatching(/realtimehub-js\/\S+\s+2\d{3}-\S+ \S+\s+\d+-\d+\s+0\s+–$/)]);
      const explain = async () => {
        await page.getByRole("button", { name: "Explain" }).click();
        await expect.poll(() => page.locator(".sentences li").count()).toBeGreaterThan(0);
        return sentences(page);
      };
      await expect.poll(explain).toContainEqual(expect.stringMatching(/^Device \S+ was last heard of/));
    });

    test("why a message came, from the log of its user", async () => {
      const name = nextUser();
      await connect(name);
      const id = await near.push(name, "order.shipped", { secret: "in the payload" });
      const page = await open(`addresses/${encodeURIComponent(`user:${name}`)}`);
      await expect
        .poll(() => rows(page, `The newest messages to user:${name}`))
        .toEqual([expect.stringMatching(`${id}\\s+order.shipped.*api/tests`)]);
      expect(await page.locator("main").innerText()).toMatch(/1 message in the last minute, 1 in the last fifteen minutes\./);
      expect(await page.locator("main").innerText()).not.toContain("in the payload");

      await page.getByRole("link", { name: id }).click();

      await expect.poll(() => page.getByLabel("The id of a message").inputValue()).toBe(id);
      await expect
        .poll(() => sentences(page))
        .toContainEqual(expect.stringMatching(`^Published .* by api/tests to user:${name}, and stands in its log`));
    });

    test("the members of a group and what was published there, also after five seconds", async () => {
      const name = nextUser();
      await connect(name, ["lounge"]);
      const page = await open("addresses");
      await page.getByLabel("Address", { exact: true }).fill("group:lounge");
      await page.keyboard.press("Enter");
      await expect.poll(() => rows(page, "Members of group:lounge"), looked).toEqual([expect.stringMatching(new RegExp(`^${name}\\s+1$`))]);
      expect(await page.locator("main").innerText()).toContain("The log has no message.");

      await near.pushToEach(["group:lounge", "group:lounge"], "room.renamed", "Lounge");

      await expect.poll(() => rows(page, "The newest messages to group:lounge"), looked).toHaveLength(2);
      expect(await page.locator("main").innerText()).toContain("2 messages in the last minute, 2 in the last fifteen minutes.");
    });

    test("who was refused, by code and with what it means", async () => {
      const token = await near.mint(nextUser());
      const page = await open("refusals");
      const count = async () =>
        Number(
          /^token_spent\s+(\d+)/.exec((await rows(page, "Refusals by code")).find((row) => row.startsWith("token_spent")) ?? "")?.[1] ?? 0,
        );
      await expect.poll(() => page.locator("main h2").count()).toBe(2);
      const before = await count();

      for (let time = 0; time < 4; time++) {
        await fetch(`${far.hubUrl}/negotiate?negotiateVersion=1&access_token=${token}`, { method: "POST" });
      }

      await expect.poll(count, looked).toBe(before + 3);
      await expect.poll(() => rows(page, "Refusals by code")).toContainEqual(expect.stringContaining("The token was used before"));
    });

    test("a client that does not take what comes for it", async () => {
      const name = nextUser();
      const silent = await SilentSocket.open(far.hubUrl, await far.mint(name));
      try {
        const page = await open("slow");
        await expect.poll(() => page.locator("main").innerText()).toContain("Nothing waits for anybody.");
        await expect
          .poll(
            async () => {
              const message = await near.push(name, "note", "x".repeat(60_000));
              return (await ask<{ sentences: string[] }>("GET", `explain?${new URLSearchParams({ user: name, message }).toString()}`))
                .sentences;
            },
            { ...looked, interval: 1 },
          )
          .toContainEqual(expect.stringContaining("it waits, because the client has not taken what came before."));

        await expect
          .poll(() => rows(page, "Slow clients"), looked)
          .toEqual([expect.stringMatching(new RegExp(`\\s${name}\\s+silent\\s.*KB$`))]);
      } finally {
        silent.close();
      }
    });

    test("the settings that are not the default, without what is secret in them", async () => {
      const page = await open("settings");

      await expect.poll(() => rows(page, "Settings")).toContainEqual(expect.stringMatching(/^Routing:MaxMessages\s+500$/));
      expect(await rows(page, "Settings")).toContainEqual(expect.stringMatching(/^Api:Keys:tests\s+\*\*\*$/));
      expect(await page.content()).not.toContain(createHash("sha256").update(apiKey).digest("hex"));
    });

    test("what happens to a user, as it happens", async () => {
      const name = nextUser();
      const page = await openUser(name);
      await expect.poll(() => page.locator("main").innerText()).toContain(`${name} is not connected.`);

      const { client } = await connect(name, [], far);
      const id = await near.push(name, "note", 1);
      const log = page.getByRole("log");
      await expect.poll(() => log.innerText()).toMatch(new RegExp(`sent[^]*${id}[^]*connected`));
      await expect.poll(() => rows(page, `Connections of ${name}`), looked).toHaveLength(1);

      await client.stop();
      await expect.poll(() => log.innerText()).toMatch(/ended[^]*sent[^]*connected/);
      await expect.poll(() => page.locator("main").innerText(), looked).toContain(`${name} is not connected.`);
    });
  });

  describe("acts on a user", () => {
    test("whose connections are ended, one or all, and come back", async () => {
      const name = nextUser();
      await Promise.all([connect(name), connect(name, [], far)]);
      const page = await openUser(name);
      await expect.poll(() => rows(page, `Connections of ${name}`)).toHaveLength(2);
      const [first = ""] = await near.connectionIdsOf(name);

      await press(page, `End ${first}`, "Ended 1 connection.");
      await expect.poll(async () => (await near.connectionIdsOf(name)).filter((id) => id !== first)).toHaveLength(2);
      expect(await near.connectionIdsOf(name)).not.toContain(first);

      const before = await near.connectionIdsOf(name);
      await press(page, "End all connections", "Ended 2 connections.");
      await expect.poll(async () => (await near.connectionIdsOf(name)).filter((id) => !before.includes(id))).toHaveLength(2);
    });

    test("who is banned until a time, and is let in again when that is lifted", async () => {
      const name = nextUser();
      const { client } = await connect(name);
      const page = await openUser(name);
      await press(page, "Ban for an hour", /^Banned until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d, and ended 1 connection\.$/);
      await expect.poll(() => client.state).toBe("stopped");
      await expect(connect(name)).rejects.toThrow();

      await press(page, "Lift the ban", "Not banned any more.");

      await connect(name);
    });

    test("who gets a test message", async () => {
      const name = nextUser();
      const { got } = await connect(name);
      const page = await openUser(name);

      await press(page, "Send a test message", /^Published as \d+-\d+, of type dashboard\.test\.$/);

      await expect.poll(() => got).toEqual(["A test from the dashboard"]);
    });
  });

  describe("is live, as a client of the hub itself", () => {
    test("that counts as nobody, and shows what is new as often as the hub says so", async () => {
      const page = await chromium.newPage();
      tabs.push(page);
      const seen: string[] = [];
      page.on("request", (request) => request.url().includes("/api/users") && seen.push("asked"));
      page.on("websocket", (socket) => socket.on("framereceived", ({ payload }) => payload.includes("load.changed") && seen.push("told")));
      await page.goto(`${url}/dashboard/#/users`);
      await enter(page, apiKey);
      await expect.poll(() => page.locator("footer").innerText()).toContain("Live, over the hub itself.");
      const name = nextUser();
      await connect(name);

      await expect.poll(() => seen.join(" "), looked).toContain("told asked told asked told asked");

      expect(await rows(page, "Users")).toContainEqual(expect.stringMatching(new RegExp(`^${name}\\s+1$`)));
      const { users: listed } = await ask<{ users: { user: string }[] }>("GET", "users");
      expect(listed.map(({ user }) => user)).not.toContainEqual(expect.stringMatching("canary"));
    });

    test("and says so when it is not, and shows what is new all the same", async () => {
      const page = await chromium.newPage();
      tabs.push(page);
      await page.route("**/dashboard/token", (route) => route.abort());
      await page.goto(`${url}/dashboard/#/users`);
      await enter(page, apiKey);
      await expect.poll(() => page.locator("footer").innerText()).toContain("Not live: the hub is asked every five seconds.");
      const name = nextUser();
      await connect(name);

      await expect.poll(() => rows(page, "Users"), looked).toContainEqual(expect.stringMatching(new RegExp(`^${name}\\s+1$`)));

      await page.unroute("**/dashboard/token");
      await expect.poll(() => page.locator("footer").innerText(), looked).toContain("Live, over the hub itself.");
    });

    test("with a token that is given to who may look, and to nobody else", async () => {
      const mint = (at: string, key: string) => fetch(`${at}/dashboard/token`, { method: "POST", headers: { "x-api-key": key } });

      expect((await mint(url, readOnlyKey)).status).toBe(201);
      expect(await problemOf(mint(url, "a-wrong-key"))).toEqual([401, "key_refused"]);
      expect(await problemOf(mint(url, mintingKey))).toEqual([403, "scope_missing"]);
      expect((await mint(near.url, apiKey)).status).toBe(404);
    });
  });

  describe("is for who has a key", () => {
    test("and asks again, with a sentence, for one that the hub does not know", async () => {
      const page = await open("nodes", "a-wrong-key");
      await expect.poll(() => page.getByRole("alert").allTextContents()).toContain("The hub does not know this key.");
      expect(await page.evaluate(() => [document.activeElement?.id, sessionStorage.length])).toEqual(["key", 0]);

      await enter(page, apiKey);

      await expect.poll(() => rows(page, "Nodes")).toHaveLength(2);
      await page.getByRole("button", { name: "Another key" }).click();
      expect(await page.evaluate(() => [document.activeElement?.id, sessionStorage.length])).toEqual(["key", 0]);
    });

    test("and says in the hub's words what one that only reads may not do", async () => {
      const name = nextUser();
      await connect(name);
      const page = await openUser(name, readOnlyKey);
      await expect.poll(() => rows(page, `Connections of ${name}`)).toHaveLength(1);

      await press(page, "End all connections", "The key reader may not do this: it needs the scope control.");
      await press(page, "Send a test message", "The key reader may not do this: it needs the scope publish.");

      expect(await near.connectionIdsOf(name)).toHaveLength(1);
    });

    test("and is not where clients come", async () => {
      for (const path of ["dashboard/", "dashboard/dashboard.js", "dashboard/page.css"]) {
        expect((await fetch(`${near.url}/${path}`)).status).toBe(404);
        expect((await fetch(`${far.url}/${path}`)).status).toBe(404);
        expect((await fetch(`${url}/${path}`)).status).toBe(200);
      }
    });
  });

  describe("can be read by anybody", () => {
    test("whatever users, groups, clients and types are called", async () => {
      for (const name of [markup, `a/b?c#d ${nextUser()}`, "100%"]) {
        const page = await openUser(name);
        const watch = new ConsoleWatch(page);
        const silent = await SilentSocket.open(near.hubUrl, await near.mint(name, [name]), markup);
        try {
          await near.pushToEach([`user:${name}`, `group:${name}`], name, name);
          await ask("PUT", `groups/${encodeURIComponent(name)}/users/${encodeURIComponent(name)}`);
          await expect.poll(() => rows(page, `Connections of ${name}`), looked).toEqual([expect.stringContaining(markup)]);
          await press(page, "Lift the ban", "Not banned any more.");
          await expect.poll(() => rows(page, `Groups of ${name}`), looked).toHaveLength(1);

          await page.getByRole("link", { name: `group:${name}`, exact: true }).click();
          await expect.poll(() => rows(page, `Members of group:${name}`), looked).toEqual([expect.stringContaining(name)]);
          await expect.poll(() => rows(page, `The newest messages to group:${name}`)).toEqual([expect.stringContaining(name)]);
          expect(await page.locator("main h2").first().textContent()).toBe(`group:${name}`);
          expect([await page.title(), await page.locator("main img").count()]).toEqual(["Addresses · RealtimeHub", 0]);
          expect(watch.lines).toEqual([]);
        } finally {
          silent.close();
        }
      }
    });

    test("on a telephone, without scrolling sideways", async () => {
      const name = "w".repeat(256);
      await Promise.all([connect(name, [name]), near.pushToEach([`user:${name}`], "t".repeat(128), 1)]);
      const page = await open();
      await page.setViewportSize({ width: 390, height: 844 });
      for (const path of ["overview", "nodes", "users", `users/${name}`, `addresses/user:${name}`, "refusals", "slow", "settings"]) {
        await page.evaluate((hash) => (location.hash = hash), `#/${path}`);
        await expect.poll(() => page.locator("main h2").count()).toBeGreaterThan(0);
        await expect.poll(() => page.locator("main tr, main .hint").count()).toBeGreaterThan(0);

        expect(await page.evaluate(() => document.scrollingElement?.scrollWidth), path).toBe(390);
      }
    });

    test("light and dark", async () => {
      const name = nextUser();
      await connect(name);
      await near.push(name, "note", 1);
      const page = await open();
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        for (const path of ["overview", "nodes", `users/${name}`, `addresses/user:${name}`, "refusals", "settings"]) {
          await page.evaluate((hash) => (location.hash = hash), `#/${encodeURI(path)}`);
          await expect.poll(() => page.locator("main tr, main .figure").count()).toBeGreaterThan(0);

          expect((await lowestContrast(page)).contrast, `${colorScheme} ${path}`).toBeGreaterThanOrEqual(4.5);
        }
      }
    });

    test("by keyboard alone, with the focus always to be seen", async () => {
      const name = nextUser();
      await connect(name);
      const page = await chromium.newPage();
      tabs.push(page);
      await page.goto(`${url}/dashboard/`);
      await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("key");
      await page.keyboard.type(apiKey);
      await page.keyboard.press("Enter");
      await expect.poll(() => page.locator(".figure").count()).toBe(6);

      await stepTo(page, "Users");
      await page.keyboard.press("Enter");
      await expect.poll(() => rows(page, "Users"), looked).toContainEqual(expect.stringContaining(name));
      await stepTo(page, name);
      await page.keyboard.press("Enter");
      await expect.poll(() => rows(page, `Connections of ${name}`)).toHaveLength(1);
      await stepTo(page, "End all connections");
      await page.keyboard.press("Enter");

      await expect.poll(() => page.locator("main > output").allTextContents()).toContainEqual(expect.stringMatching("Ended 1 connection."));
      expect(await focused(page)).toBe("End all connections");
    });

    test("while it looks again: focus, selection and scroll stay where they are", async () => {
      const name = nextUser();
      const page = await open("nodes");
      await expect.poll(() => rows(page, "Nodes")).toHaveLength(2);
      await page.setViewportSize({ width: 600, height: 200 });
      const drain = page.getByRole("button", { name: /^Drain/ }).last();
      await drain.focus();
      const label = await focused(page);
      await page.evaluate(() => {
        scrollTo(0, 150);
        getSelection()?.selectAllChildren(document.querySelector("tbody code") as Element);
      });
      const before = await page.evaluate(() => [scrollY, String(getSelection())]);

      await Promise.all([connect(name), connect(name, [], far)]);
      await expect
        .poll(async () => (await rows(page, "Nodes")).every((row) => / [1-9]\d*\s+\S+ B/.test(row.replace(/\s+/g, " "))), looked)
        .toBe(true);

      expect(await focused(page)).toBe(label);
      expect(await page.evaluate(() => [scrollY, String(getSelection())])).toEqual(before);
    });

    test("with nothing on the console, under its own security policy, and from no other host", async () => {
      const page = await open();
      const watch = new ConsoleWatch(page);
      const hosts = new Set<string>();
      page.on("request", (request) => hosts.add(new URL(request.url()).origin));
      await page.reload();
      for (const path of [
        "overview",
        "nodes",
        "users",
        "users/nobody",
        "addresses/everyone",
        "refusals",
        "slow",
        "settings",
        "constructor",
        "users/%",
      ]) {
        await page.evaluate((hash) => (location.hash = hash), `#/${path}`);
        await expect.poll(() => page.locator("main h2").count()).toBeGreaterThan(0);
      }

      expect(watch.lines).toEqual([]);
      expect([...hosts]).toEqual([url]);
      const policy = (await fetch(`${url}/dashboard/`)).headers.get("content-security-policy");
      expect(policy).toBe("default-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none'; frame-ancestors 'none'");
    });
  });

  describe("when something is wrong", () => {
    test("says that the hub cannot be reached until it can, and goes on by itself", async () => {
      const page = await open("users");
      await expect.poll(() => page.locator("main h2").count()).toBe(1);
      await page.route("**/api/**", (route) => route.abort());
      await expect.poll(() => page.locator("#failed").textContent(), looked).toBe("The hub cannot be reached.");

      await page.unroute("**/api/**");

      await expect.poll(() => page.locator("#failed").textContent(), looked).toBe("");
    });

    test("drains a node, and says so in words", async () => {
      const id = await idOf(far, near);
      await connect(nextUser(), [], far);
      const page = await open("nodes");
      await expect.poll(() => rows(page, "Nodes")).toHaveLength(2);

      await press(page, `Drain …${id.slice(-6)}`, new RegExp(`^${id} moves 1 connection to other nodes within [\\d.]+ seconds?\\.$`));

      await expect.poll(() => rows(page, "Nodes"), looked).toContainEqual(expect.stringMatching(new RegExp(`^${id}.*draining`, "s")));
      expect(await focused(page)).toBe("Nodes");
      await page.getByRole("link", { name: "Overview" }).click();
      await expect
        .poll(() => page.locator(".alarm").allTextContents(), looked)
        .toContainEqual(`Node ${id} sends its clients to others. Start it again when it shall take clients.`);
    });
  });
});
