import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type * as RealtimeHub from "../../src/index.js";
import { Chromium } from "./fixtures/Chromium.js";
import { HubNode } from "./fixtures/HubNode.js";
import { pageOf } from "./fixtures/pageOf.js";

declare const realtimeHub: typeof RealtimeHub;
declare const writes: { readonly key: string; readonly length: number }[];
declare function fetchToken(): Promise<string>;
declare function note(event: unknown): void;

const groups = Array.from({ length: 1_000 }, (_, group) => `room-${1_000 + group}`);
const addresses = groups.map((group) => `group:${group}`);

describe("A page that keeps the cursors of a thousand groups in localStorage", () => {
  const events: unknown[] = [];
  let node: HubNode;
  let chromium: Chromium;
  let tab: Page;
  let devices = 0;

  beforeAll(async () => void ([node, chromium] = await Promise.all([HubNode.start(), Chromium.start()])));
  afterAll(() => Promise.all([node.kill(), chromium.stop()]));
  afterEach(async () => {
    await tab.context().close();
    events.length = 0;
  });

  /** A page of the hub that counts what it writes. */
  async function newTab(): Promise<Page> {
    const page = await chromium.newBlankPage();
    await page.exposeFunction("fetchToken", () => node.mint("alice", groups));
    await page.exposeFunction("note", (event: unknown) => events.push(event));
    await page.addInitScript(() => {
      const setItem = Object.getOwnPropertyDescriptor(Storage.prototype, "setItem")?.value as (
        this: Storage,
        key: string,
        value: string,
      ) => void;
      Object.assign(globalThis, { writes: [] });
      Storage.prototype.setItem = function (this: Storage, key: string, value: string) {
        writes.push({ key, length: key.length + value.length });
        setItem.call(this, key, value);
      };
    });
    return page;
  }

  /** Loads the page, be it once more, and returns when its client has started. */
  async function load(leavesAt = ""): Promise<void> {
    await tab.goto(pageOf(node.url));
    await tab.addScriptTag({ type: "module", content: 'import * as hub from "/realtimehub.js"; globalThis.realtimeHub = hub;' });
    await tab.waitForFunction(() => "realtimeHub" in globalThis);
    await tab.evaluate(async (last) => {
      const client = new realtimeHub.PushClient({ url: "/hub", token: fetchToken, storage: () => localStorage });
      client.onLost(({ address }) => note(`lost ${address}`));
      client.on("*", ({ payload }) => {
        note(payload);
        if (payload === last) {
          location.href = "about:blank";
        }
      });
      await client.start();
    }, leavesAt);
  }

  /** What was written of cursors. The name of the device is written once, a second after the first message: when it is told. */
  async function written(): Promise<{ readonly count: number; readonly characters: number }> {
    const all = await tab.evaluate(() => writes.splice(0));
    const names = all.filter(({ key }) => key === "realtimehub device");
    devices += names.length;
    return { count: all.length - names.length, characters: all.reduce((sum, { length }) => sum + length, 0) };
  }

  test("writes each cursor once, each change once, and after a reload nothing", async () => {
    tab = await newTab();
    await load();
    const first = await written();
    expect(first.count).toBe(1_002);
    expect(first.characters).toBeLessThan(100_000);

    await node.pushToEach(addresses.slice(0, 500), "note", "handled");
    await expect.poll(() => events).toHaveLength(500);
    const changes = await written();
    expect(changes.count).toBe(500);
    expect(changes.characters).toBeLessThan(60_000);

    await expect.poll(async () => (await written()).count + devices).toBe(1);
    await load();
    expect(await written()).toEqual({ count: 0, characters: 0 });
    expect([events.length, devices]).toEqual([500, 1]);
  });

  test("keeps what it has handled although it leaves in the very handler", async () => {
    tab = await newTab();
    await load("last");

    await node.push("alice", "note", "last");
    await tab.waitForURL("about:blank");
    await node.push("alice", "note", "next");
    await load();

    await expect.poll(() => events).toEqual(["last", "next"]);
  });

  test("comes in although somebody has filled its storage with twenty thousand cursors, and tells of the loss", async () => {
    tab = await newTab();
    await tab.goto(pageOf(node.url));
    await tab.evaluate(() => {
      for (let group = 0; group < 20_000; group++) {
        localStorage.setItem(`realtimehub ${location.origin}/hub group:stranger-${group}`, "1-1");
      }
      localStorage.setItem(`realtimehub ${location.origin}/hub user:alice`, "1-1");
    });

    await load();

    // What is still retained comes behind it.
    await expect.poll(() => events[0]).toBe("lost user:alice");
    expect(events.filter((event) => String(event).startsWith("lost"))).toEqual(["lost user:alice"]);
    expect(await tab.evaluate(() => localStorage.length)).toBe(1_002);
  });
});
