import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type * as RealtimeHub from "../../src/index.js";
import { PushClient } from "../../src/index.js";
import { MemoryStorage } from "../fixtures/MemoryStorage.js";
import { Chromium } from "./fixtures/Chromium.js";
import { pageOf } from "./fixtures/pageOf.js";
import { TwoNodes } from "./fixtures/TwoNodes.js";

declare const realtimeHub: typeof RealtimeHub;
declare function fetchToken(): Promise<string>;
declare function receive(payload: unknown): void;

let users = 0;

describe("A device", () => {
  const clients: PushClient[] = [];
  let nodes: TwoNodes;
  let chromium: Chromium;
  let user: string;

  beforeAll(async () => void ([nodes, chromium] = await Promise.all([TwoNodes.start(), Chromium.start()])));
  afterAll(() => Promise.all([nodes.stop(), chromium.stop()]));
  afterEach(() => Promise.all(clients.splice(0).map((client) => client.stop())));

  /** Starts a client that keeps its cursors, and fails at a payload. Returns the name of its device. */
  async function start(failsAt?: unknown, url = () => nodes.near.hubUrl): Promise<string> {
    const storage = new MemoryStorage();
    const client = new PushClient({
      url: url(),
      token: () => nodes.far.mint(user),
      storage,
      retry: { firstMs: 20, maxMs: 100 },
      logger: { warn() {} },
    });
    clients.push(client);
    client.onError(() => {});
    client.on("*", async ({ payload }) => {
      await Promise.resolve();
      if (payload === failsAt) {
        throw new Error("This handler fails.");
      }
    });
    await client.start();
    await nodes.far.push(user, "note", "first");
    await expect.poll(() => storage.getItem("realtimehub device")).not.toBeNull();
    return storage.getItem("realtimehub device") ?? "";
  }

  function nextUser(): void {
    user = `reader ${++users}`;
  }

  test("has handled what its handlers have ended with, and stands before what one of them has failed at", async () => {
    nextUser();
    const [phone, tab] = [await start(), await start("bad")];

    const good = await nodes.far.push(user, "note", "good");
    const bad = await nodes.far.push(user, "note", "bad");
    const after = await nodes.far.push(user, "note", "after");

    await expect.poll(() => nodes.far.receiptsOf(user, after)).toEqual({ [phone]: "handled", [tab]: "waiting" });
    expect(await nodes.far.receiptsOf(user, bad)).toEqual({ [phone]: "handled", [tab]: "failed" });
    expect(await nodes.far.receiptsOf(user, good)).toEqual({ [phone]: "handled", [tab]: "handled" });
  });

  test("has handled what came before its node died and after, and tells it to another", async () => {
    nextUser();
    const phone = await start();
    const before = await nodes.far.push(user, "note", "before");
    await expect.poll(() => nodes.far.receiptsOf(user, before)).toEqual({ [phone]: "handled" });

    await nodes.near.kill();
    const meanwhile = await nodes.far.push(user, "note", "meanwhile");
    expect(await nodes.far.receiptsOf(user, meanwhile)).toEqual({ [phone]: "waiting" });
    await nodes.restartNear();

    await expect.poll(() => nodes.far.receiptsOf(user, meanwhile), { timeout: 30_000 }).toEqual({ [phone]: "handled" });
  });

  test("is the same after a reload of its page, and goes on where it was", async () => {
    nextUser();
    const page = await chromium.newBlankPage();
    const received: unknown[] = [];
    await page.exposeFunction("fetchToken", () => nodes.near.mint(user));
    await page.exposeFunction("receive", (payload: unknown) => received.push(payload));
    await load(page);
    const first = await nodes.far.push(user, "note", 1);
    await expect.poll(async () => Object.values(await nodes.far.receiptsOf(user, first))).toEqual(["handled"]);

    await load(page);
    const second = await nodes.far.push(user, "note", 2);

    await expect.poll(async () => Object.values(await nodes.far.receiptsOf(user, second))).toEqual(["handled"]);
    expect(Object.values(await nodes.far.receiptsOf(user, first))).toEqual(["handled"]);
    expect(received).toEqual([1, 2]);
    await page.close();
  });

  async function load(page: Page): Promise<void> {
    await page.goto(pageOf(nodes.near.url));
    await page.addScriptTag({ type: "module", content: 'import * as hub from "/realtimehub.js"; globalThis.realtimeHub = hub;' });
    await page.waitForFunction(() => "realtimeHub" in globalThis);
    await page.evaluate(async () => {
      const client = new realtimeHub.PushClient({ url: "/hub", token: fetchToken, storage: localStorage });
      client.on("*", ({ payload }) => receive(payload));
      await client.start();
    });
  }
});
