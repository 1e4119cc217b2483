import { HubConnectionBuilder, LogLevel, type HubConnection } from "@microsoft/signalr";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type * as RealtimeHub from "../../src/index.js";
import { PushClient, type PushMessage } from "../../src/index.js";
import { Chromium } from "./fixtures/Chromium.js";
import { ProxyWithoutWebSockets } from "./fixtures/ProxyWithoutWebSockets.js";
import { ReverseProxy } from "./fixtures/ReverseProxy.js";
import { stockTransports } from "./fixtures/stockTransports.js";
import { TwoNodes } from "./fixtures/TwoNodes.js";

declare const realtimeHub: typeof RealtimeHub;
declare function fetchToken(): Promise<string>;
declare function receive(message: PushMessage): void;

/** Enough that both nodes have some of them. */
const several = 6;

describe.each(["nginx", "haproxy"] as const)("Through %s", (kind) => {
  const connections: HubConnection[] = [];
  let nodes: TwoNodes;
  let proxy: ReverseProxy;

  beforeAll(async () => {
    nodes = await TwoNodes.start();
    proxy = await ReverseProxy.start(kind, nodes);
  });

  afterAll(async () => {
    await proxy.stop();
    await nodes.stop();
  });

  afterEach(() => Promise.all(connections.splice(0).map((connection) => connection.stop())));

  test.each(stockTransports)("the stock client receives over %s", async (name, options) => {
    const users = Array.from({ length: several }, (_, number) => `${name} ${number}`);
    const received: string[] = [];
    for (const user of users) {
      const connection = new HubConnectionBuilder()
        .withUrl(proxy.hubUrl, { ...options, accessTokenFactory: () => nodes.near.mint(user) })
        .configureLogging(LogLevel.None)
        .build();
      connections.push(connection);
      connection.on("Receive", ({ payload }: PushMessage) => void received.push(payload as string));
      await connection.start();
      await connection.invoke("Resume", { from: "head" });
    }

    await Promise.all(users.map((user) => nodes.far.push(user, "greeting", user)));

    await expect.poll(() => [...received].sort()).toEqual(users);
  });

  test("our client in Node receives over server-sent events, from whichever node it was led to", async () => {
    const blocked = await ProxyWithoutWebSockets.start(proxy.url);
    onTestFinished(() => blocked.stop());
    const users = Array.from({ length: several }, (_, number) => `client ${number}`);
    const received: unknown[] = [];
    for (const user of users) {
      const client = new PushClient({ url: blocked.hubUrl, token: () => nodes.near.mint(user) });
      onTestFinished(() => client.stop());
      client.on("*", ({ payload }) => received.push(payload));
      await client.start({ timeout: 10_000 });
    }

    await Promise.all(users.map((user) => nodes.far.push(user, "greeting", user)));

    await expect.poll(() => [...received].sort()).toEqual(users);
    expect(blocked.streams).toBe(several);
  });

  test("a page receives, with the script that comes the same way", async () => {
    const chromium = await Chromium.start();
    onTestFinished(() => chromium.stop());
    const page = await chromium.newBlankPage();
    const received: unknown[] = [];
    await page.exposeFunction("fetchToken", () => nodes.near.mint("alice"));
    await page.exposeFunction("receive", ({ payload }: PushMessage) => received.push(payload));
    await page.goto(`${proxy.url}/realtimehub.js`);
    await page.setContent("");
    await page.addScriptTag({ type: "module", content: 'import * as hub from "/realtimehub.js"; globalThis.realtimeHub = hub;' });
    await page.waitForFunction(() => "realtimeHub" in globalThis);
    await page.evaluate(async () => {
      const client = new realtimeHub.PushClient({ url: "/hub", token: fetchToken });
      client.on("*", receive);
      await client.start();
    });

    await nodes.far.push("alice", "greeting", "through the proxy");

    await expect.poll(() => received).toEqual(["through the proxy"]);
  });
});
