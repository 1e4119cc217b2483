import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { PushClient } from "../../src/index.js";
import type * as RealtimeHub from "../../src/index.js";
import { Chromium } from "./fixtures/Chromium.js";
import { freePort } from "./fixtures/freePort.js";
import { HoldingProxy } from "./fixtures/HoldingProxy.js";
import { HubNode } from "./fixtures/HubNode.js";
import { pageOf } from "./fixtures/pageOf.js";
import { PlainNginx } from "./fixtures/PlainNginx.js";

declare const realtimeHub: typeof RealtimeHub;
declare function fetchToken(): Promise<string>;
declare function receive(message: RealtimeHub.PushMessage): void;

const proxies = [
  ["an nginx in its default configuration", PlainNginx],
  ["a proxy that holds answers back and swallows WebSockets", HoldingProxy],
] as const;

describe.each(proxies)("Through %s", (_, kind) => {
  const token = vi.fn(() => node.mint("alice"));
  const received: unknown[] = [];
  let node: HubNode;
  let proxy: PlainNginx | HoldingProxy;

  beforeAll(async () => {
    const port = await freePort();
    // Such an nginx does not tell the hub by which name it was called.
    node = await HubNode.start({ settings: { Origins__Allowed__0: `http://127.0.0.1:${port}` } });
    proxy = await kind.start(node.url, port);
  });

  afterAll(async () => {
    await proxy.stop();
    await node.kill();
  });

  beforeEach(() => token.mockClear());
  afterEach(() => void (received.length = 0));

  test("a client in Node receives by long polling, and remembers that", async () => {
    const client = new PushClient({ url: `${proxy.url}/hub`, token });
    onTestFinished(() => client.stop());
    client.on("*", ({ payload }) => received.push(payload));
    await client.start();
    await node.push("alice", "greeting", "after a while");
    await expect.poll(() => received).toEqual(["after a while"]);
    expect(token).toHaveBeenCalledTimes(3);

    await client.stop();
    await node.push("alice", "greeting", "missed");
    await client.start();
    await node.push("alice", "greeting", "at once");

    await expect.poll(() => received).toEqual(["after a while", "missed", "at once"]);
    expect(token).toHaveBeenCalledTimes(4);
  });

  test("a page receives by long polling", async () => {
    const chromium = await Chromium.start();
    onTestFinished(() => chromium.stop());
    const page = await chromium.newBlankPage();
    await page.exposeFunction("fetchToken", token);
    await page.exposeFunction("receive", ({ payload }: RealtimeHub.PushMessage) => received.push(payload));
    await page.goto(pageOf(proxy.url));
    await page.addScriptTag({ type: "module", content: 'import * as hub from "/realtimehub.js"; globalThis.realtimeHub = hub;' });
    await page.waitForFunction(() => "realtimeHub" in globalThis);
    await page.evaluate(async () => {
      const client = new realtimeHub.PushClient({ url: "/hub", token: fetchToken });
      client.on("*", receive);
      await client.start();
    });

    for (const number of [1, 2, 3]) {
      await node.push("alice", "greeting", number);
    }

    await expect.poll(() => received).toEqual([1, 2, 3]);
    expect(token).toHaveBeenCalledTimes(3);
  });
});
