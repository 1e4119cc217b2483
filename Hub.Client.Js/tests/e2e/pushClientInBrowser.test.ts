import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import type * as RealtimeHub from "../../src/index.js";
import { Chromium } from "./fixtures/Chromium.js";
import { ConsoleWatch } from "./fixtures/ConsoleWatch.js";
import { HubNode } from "./fixtures/HubNode.js";
import { pageOf } from "./fixtures/pageOf.js";
import { ProxyWithoutWebSockets } from "./fixtures/ProxyWithoutWebSockets.js";

declare const realtimeHub: typeof RealtimeHub;
declare function fetchToken(): Promise<string>;
declare function receive(message: RealtimeHub.PushMessage): void;
declare function change(change: { state: string; code: string | undefined }): void;

describe("The push client in Chromium", () => {
  const token = vi.fn(() => node.mint("alice"));
  const received: RealtimeHub.PushMessage[] = [];
  const changes: { state: string; code: string | undefined }[] = [];
  let chromium: Chromium;
  let node: HubNode;
  let page: Page;
  let watch: ConsoleWatch;

  beforeAll(async () => void ([node, chromium] = await Promise.all([HubNode.start(), Chromium.start()])));
  afterAll(() => Promise.all([node.kill(), chromium.stop()]));

  afterEach(async () => {
    await page.close();
    [received.length, changes.length] = [0, 0];
    token.mockReset().mockImplementation(() => node.mint("alice"));
    expect(watch.secrets).toEqual([]);
    expect(node.output).not.toMatch(/ws(token|grant|reconnect)/);
  });

  /** Opens a page as the hub would serve it, with a client that uses the script that the hub does serve. */
  async function openPage(origin: string, head = ""): Promise<void> {
    page = await chromium.newBlankPage();
    watch = new ConsoleWatch(page);
    await page.goto(pageOf(origin));
    await page.setContent(`<head>${head}</head>`);
    await page.exposeFunction("fetchToken", token);
    await page.exposeFunction("receive", (message: RealtimeHub.PushMessage) => received.push(message));
    await page.exposeFunction("change", (step: (typeof changes)[number]) => changes.push(step));
    await page.addScriptTag({ type: "module", content: 'import * as hub from "/realtimehub.js"; globalThis.realtimeHub = hub;' });
    await page.waitForFunction(() => "realtimeHub" in globalThis);
  }

  async function start(): Promise<void> {
    await page.evaluate(() => {
      const client = new realtimeHub.PushClient({ url: "/hub", token: fetchToken, retry: { firstMs: 50, maxMs: 200 } });
      client.on("*", receive);
      client.onState(({ state, error }) => change({ state, code: error?.code }));
      void client.start();
    });
  }

  function state(): string | undefined {
    return changes.at(-1)?.state;
  }

  async function connect(): Promise<void> {
    await start();
    await expect.poll(state).toBe("connected");
  }

  function payloads(): unknown[] {
    return received.map(({ payload }) => payload);
  }

  test("receives a push over one WebSocket, for one token", async () => {
    await openPage(node.url);
    await connect();

    await node.push("alice", "greeting", { text: "hi" });

    await expect.poll(payloads).toEqual([{ text: "hi" }]);
    expect(token).toHaveBeenCalledTimes(1);
  });

  test("survives the death of its node, with a fresh token, and keeps its secrets meanwhile", async () => {
    await openPage(node.url);
    await connect();
    // While the node is away the client still gets tokens, so that its attempts fail as loudly as they can.
    token.mockImplementation(async () => `wstoken${"A".repeat(43)}`);
    await node.kill();
    await expect.poll(state).toBe("reconnecting");
    await expect.poll(() => token.mock.calls.length).toBeGreaterThan(4);

    node = await node.restart();
    token.mockImplementation(() => node.mint("alice"));
    await expect.poll(state).toBe("connected");
    await node.push("alice", "greeting", "back again");

    await expect.poll(payloads).toEqual(["back again"]);
    expect(watch.lines).not.toEqual([]);
  });

  test("gets through where a proxy refuses WebSockets, and keeps its secrets when that stream breaks", async () => {
    const proxy = await ProxyWithoutWebSockets.start(node.url);
    onTestFinished(() => proxy.stop());
    await openPage(proxy.url);
    await connect();
    await node.push("alice", "greeting", "through the proxy");
    await expect.poll(payloads).toEqual(["through the proxy"]);
    expect(proxy.streams).toBe(1);

    await proxy.stop();

    await expect.poll(state).toBe("reconnecting");
    await expect.poll(() => watch.lines.length).toBeGreaterThan(1);
    expect(proxy.log.join()).not.toMatch(/ws(token|grant|reconnect)/);
  });

  test("is told why it is refused, without showing the token", async () => {
    token.mockImplementation(async () => `wstoken${"A".repeat(43)}`);
    await openPage(node.url);

    await start();

    await expect.poll(() => changes.map(({ code }) => code)).toContain("token_unknown");
    expect(watch.lines.join()).toContain("WebSocket");
  });

  test("begins with the token that the page brought along, and then asks for more", async () => {
    await openPage(node.url, `<meta name="hub-token" content="${await node.mint("alice")}">`);
    await page.route("**/token", async (route) => route.fulfill({ json: { token: await node.mint("alice"), expiresIn: 20 } }));

    const tokens = await page.evaluate(async () => {
      const source = realtimeHub.tokenFrom("/token");
      const inPage = document.querySelector<HTMLMetaElement>("meta[name=hub-token]")?.content;
      return { inPage, first: await source(), left: document.querySelector("meta[name=hub-token]"), second: await source() };
    });

    expect(tokens.first).toMatchObject({ token: tokens.inPage });
    expect(tokens.left).toBeNull();
    expect(tokens.second).not.toEqual(tokens.first);
  });
});
