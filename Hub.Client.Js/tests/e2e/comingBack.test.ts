import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type * as RealtimeHub from "../../src/index.js";
import { apiKey, HubNode } from "./fixtures/HubNode.js";
import { Chromium } from "./fixtures/Chromium.js";
import { pageOf } from "./fixtures/pageOf.js";
import { RedisServer } from "./fixtures/RedisServer.js";

declare const realtimeHub: typeof RealtimeHub;
declare const seen: string[];
declare const asked: string[];

/** Whoever waits for that has not come back at all. */
const forEver = 3_600_000;

describe("A page that comes back", () => {
  let redis: RedisServer;
  let chromium: Chromium;
  let node: HubNode;
  let page: Page;

  beforeAll(async () => {
    redis = await RedisServer.start();
    [node, chromium] = await Promise.all([HubNode.start({ redis: redis.connection }), Chromium.startWithBackButton()]);
  });
  afterAll(async () => {
    await Promise.all([node.kill(), chromium.stop()]);
    await redis.stop();
  });
  afterEach(() => page.close());

  /** Opens a page without anything that would keep the browser from caching it, whose client notes all that it sees. */
  beforeEach(async () => {
    page = await chromium.newBlankPage();
    // Not a page that forbids caches, as pageOf gives one: it would not be kept.
    await page.goto(`${node.url}/realtimehub.js`);
    await page.addScriptTag({ type: "module", content: 'import * as hub from "/realtimehub.js"; globalThis.realtimeHub = hub;' });
    await page.waitForFunction(() => "realtimeHub" in globalThis);
    await page.evaluate(
      async ([key, wait]) => {
        const token = async () => {
          asked.push("a token");
          const headers = { "content-type": "application/json", "x-api-key": key };
          const response = await fetch("/api/tokens", { method: "POST", headers, body: '{"sub":"alice"}' });
          return ((await response.json()) as { token: string }).token;
        };
        const client = new realtimeHub.PushClient({ url: "/hub", token, retry: { firstMs: wait, maxMs: wait } });
        Object.assign(globalThis, { seen: [], asked: [] });
        client.on<string>("*", ({ payload }) => seen.push(payload));
        client.onState(({ state }) => seen.at(-1) !== state && seen.push(state));
        await client.start();
      },
      [apiKey, forEver] as const,
    );
  });

  function seenByPage(): Promise<string[]> {
    return page.evaluate(() => seen);
  }

  function tokensAsked(): Promise<number> {
    return page.evaluate(() => asked.length);
  }

  /** Chromium freezes no page that it shows, so the page has to tell itself: on the document, from where the events do not bubble. */
  function tell(type: string): Promise<boolean> {
    return page.evaluate((name) => document.dispatchEvent(new Event(name)), type);
  }

  test("from being frozen connects at once, and has missed nothing", async () => {
    await tell("freeze");
    await expect.poll(seenByPage).toEqual(["connecting", "connected", "reconnecting"]);
    await node.push("alice", "chat", "meanwhile");

    await tell("resume");

    await expect.poll(seenByPage).toEqual(["connecting", "connected", "reconnecting", "meanwhile", "connected"]);
    expect(await tokensAsked()).toBe(1);
  });

  test("by the back button connects at once, and has missed nothing", async () => {
    await page.evaluate(() => Object.assign(globalThis, { kept: true }));
    await page.goto(pageOf(node.url));
    await node.push("alice", "chat", "meanwhile");

    await page.goBack({ waitUntil: "commit" });

    expect(await page.evaluate(() => "kept" in globalThis)).toBe(true);
    await expect.poll(seenByPage).toEqual(["connecting", "connected", "reconnecting", "meanwhile", "connected"]);
    expect(await tokensAsked()).toBe(1);
  });

  test("to its network connects at once", async () => {
    await page.context().setOffline(true);
    await node.kill();
    await expect.poll(seenByPage).toEqual(["connecting", "connected", "reconnecting"]);
    node = await node.restart();

    await page.context().setOffline(false);

    await expect.poll(seenByPage).toEqual(["connecting", "connected", "reconnecting", "connected"]);
    expect(await tokensAsked()).toBe(1);
  });
});
