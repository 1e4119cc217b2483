import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type * as RealtimeHub from "../../src/index.js";
import { Chromium } from "./fixtures/Chromium.js";
import { pageOf } from "./fixtures/pageOf.js";
import { TwoNodes } from "./fixtures/TwoNodes.js";

type StorageName = "sessionStorage" | "localStorage";

declare const realtimeHub: typeof RealtimeHub;
declare function fetchToken(): Promise<string>;
declare function receive(payload: unknown): void;

describe("A page with a push client", () => {
  const received: unknown[] = [];
  const tabs: Page[] = [];
  let nodes: TwoNodes;
  let chromium: Chromium;

  beforeAll(async () => void ([nodes, chromium] = await Promise.all([TwoNodes.start(), Chromium.start()])));
  afterAll(() => Promise.all([nodes.stop(), chromium.stop()]));

  afterEach(async () => {
    await Promise.all(tabs.splice(0).map((tab) => tab.close()));
    received.length = 0;
  });

  async function newTab(beside?: Page): Promise<Page> {
    const tab = await (beside ? beside.context().newPage() : chromium.newBlankPage());
    tabs.push(tab);
    await tab.exposeFunction("fetchToken", () => nodes.near.mint("alice"));
    await tab.exposeFunction("receive", (payload: unknown) => received.push(payload));
    return tab;
  }

  /** Loads the page, be it once more, and returns when its client has started. */
  async function load(tab: Page, storage: StorageName, head = ""): Promise<void> {
    await tab.goto(pageOf(nodes.near.url));
    await tab.setContent(`<head>${head}</head>`);
    await tab.addScriptTag({ type: "module", content: 'import * as hub from "/realtimehub.js"; globalThis.realtimeHub = hub;' });
    await tab.waitForFunction(() => "realtimeHub" in globalThis);
    await tab.evaluate(async (name) => {
      const token = document.querySelector("meta[name=hub-token]") ? realtimeHub.tokenFrom("/token") : fetchToken;
      const client = new realtimeHub.PushClient({ url: "/hub", token, storage: globalThis[name] });
      client.on("*", ({ payload }) => receive(payload));
      await client.start();
    }, storage);
  }

  async function publish(payload: unknown): Promise<void> {
    await nodes.far.push("alice", "note", payload);
  }

  async function arrived(...payloads: unknown[]): Promise<void> {
    await expect.poll(() => received).toEqual(payloads);
  }

  test.each<StorageName>(["sessionStorage", "localStorage"])(
    "resumes after a reload from %s, without repeating anything",
    async (storage) => {
      const tab = await newTab();
      await load(tab, storage);
      await publish("handled");
      await arrived("handled");

      await tab.goto("about:blank");
      await publish("missed");
      await load(tab, storage);
      await publish("live");

      await arrived("handled", "missed", "live");
    },
  );

  test("goes on in a new tab where the one before it ended, from localStorage", async () => {
    const first = await newTab();
    await load(first, "localStorage");
    await publish("handled");
    await arrived("handled");
    const second = await newTab(first);
    await first.close();
    await publish("missed");

    await load(second, "localStorage");

    await arrived("handled", "missed");
  });

  test("misses nothing of what is published between its rendering and its connecting", async () => {
    const { token, cursors } = await nodes.near.mintWithCursors("alice");
    const tab = await newTab();
    await publish("since");

    const attribute = JSON.stringify(cursors).replaceAll('"', "&quot;");
    await load(tab, "sessionStorage", `<meta name="hub-token" content="${token}" data-cursors="${attribute}">`);

    await arrived("since");
  });
});
