import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type * as RealtimeHub from "../../src/index.js";
import { apiKey, HubNode } from "./fixtures/HubNode.js";
import { Chromium } from "./fixtures/Chromium.js";
import { pageOf } from "./fixtures/pageOf.js";

declare const realtimeHub: typeof RealtimeHub;
declare const seen: (string | number)[];
declare const asked: string[];

/** So many of these are more than the kernel takes for a tab that does not read, and the hub keeps. */
const messages = 100;
const padding = "x".repeat(60_000);

describe("A tab that sleeps for longer than the hub waits", () => {
  let chromium: Chromium;
  let node: HubNode;

  beforeAll(async () => {
    const settings = { Limits__WaitingTime: "00:00:01" };
    [node, chromium] = await Promise.all([HubNode.start({ settings }), Chromium.start()]);
  });
  afterAll(() => Promise.all([node.kill(), chromium.stop()]));

  test("is ended by the hub, and has everything once and in order when it is awake, without another token", async () => {
    const page = await chromium.newBlankPage();
    await page.goto(pageOf(node.url));
    await page.addScriptTag({ type: "module", content: 'import * as hub from "/realtimehub.js"; globalThis.realtimeHub = hub;' });
    await page.waitForFunction(() => "realtimeHub" in globalThis);
    await page.evaluate(async (key) => {
      const token = async () => {
        asked.push("a token");
        const headers = { "content-type": "application/json", "x-api-key": key };
        const response = await fetch("/api/tokens", { method: "POST", headers, body: '{"sub":"alice"}' });
        return ((await response.json()) as { token: string }).token;
      };
      const client = new realtimeHub.PushClient({ url: "/hub", token, retry: { firstMs: 50, maxMs: 200 } });
      Object.assign(globalThis, { seen: [], asked: [] });
      client.on<{ number: number }>("*", ({ payload }) => seen.push(payload.number));
      client.onState(({ state }) => seen.at(-1) !== state && seen.push(state));
      client.onLost(({ address }) => seen.push(`${address} lost`));
      await client.start();
    }, apiKey);

    const wake = await chromium.sleep();
    for (let number = 0; number < messages; number++) {
      await node.push("alice", "chat", { number, padding });
    }

    await expect.poll(() => node.output, { timeout: 30_000 }).toContain("too_slow, of user:alice");
    await node.push("alice", "chat", { number: messages });
    wake();

    const all = [...Array(messages + 1).keys()];
    await expect.poll(() => page.evaluate(() => seen.filter((step) => typeof step === "number")), { timeout: 30_000 }).toEqual(all);
    expect(await page.evaluate(() => seen.filter((step) => typeof step === "string"))).toEqual([
      "connecting",
      "connected",
      "reconnecting",
      "connected",
    ]);
    expect(await page.evaluate(() => asked)).toHaveLength(1);
  });
});
