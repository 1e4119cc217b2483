import { fileURLToPath } from "node:url";
import type * as SignalR from "@microsoft/signalr";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { Chromium } from "./fixtures/Chromium.js";
import { ConsoleWatch } from "./fixtures/ConsoleWatch.js";
import { pageOf } from "./fixtures/pageOf.js";
import { ProxyWithoutWebSockets } from "./fixtures/ProxyWithoutWebSockets.js";
import type { StockTransport } from "./fixtures/StockTransport.js";
import { stockTransports } from "./fixtures/stockTransports.js";
import { TwoNodes } from "./fixtures/TwoNodes.js";

declare const signalR: typeof SignalR;
declare function fetchToken(): Promise<string>;
declare function receive(message: unknown): void;

const stockBuild = fileURLToPath(new URL("../../node_modules/@microsoft/signalr/dist/browser/signalr.min.js", import.meta.url));

describe("The stock client in Chromium", () => {
  let nodes: TwoNodes;
  let chromium: Chromium;
  let page: Page;
  let watch: ConsoleWatch;
  const received: unknown[] = [];
  const token = vi.fn(() => nodes.near.mint("alice"));

  beforeAll(async () => {
    [nodes, chromium] = await Promise.all([TwoNodes.start(), Chromium.start()]);
    page = await chromium.newBlankPage();
    watch = new ConsoleWatch(page);
    await page.exposeFunction("fetchToken", token);
    await page.exposeFunction("receive", (message: unknown) => received.push(message));
  });

  afterAll(() => Promise.all([nodes.stop(), chromium.stop()]));

  afterEach(async () => {
    await page.goto("about:blank");
    received.length = 0;
    token.mockClear();
  });

  async function openPage(origin: string): Promise<void> {
    await page.goto(pageOf(origin));
    await page.addScriptTag({ path: stockBuild });
  }

  /** Connects Alice. The invocation at the end is answered only after the hub has attached her connection. */
  async function connect(options: StockTransport): Promise<void> {
    await page.evaluate(async (given) => {
      const connection = new signalR.HubConnectionBuilder().withUrl("/hub", { ...given, accessTokenFactory: fetchToken }).build();
      connection.on("Receive", receive);
      await connection.start();
      await connection.invoke("NoSuchMethod").catch(() => {});
    }, options);
  }

  describe.each(stockTransports)("over %s", (_, options) => {
    test.each(["near", "far"] as const)("receives what is published on the %s node, for one token", async (publisher) => {
      await openPage(nodes.near.url);
      await connect(options);

      await nodes[publisher].push("alice", "greeting", { from: publisher });

      await expect.poll(() => received).toMatchObject([{ address: "user:alice", type: "greeting", payload: { from: publisher } }]);
      expect(token).toHaveBeenCalledTimes(1);
    });
  });

  test("falls back with the same token where a proxy refuses WebSockets", async () => {
    const proxy = await ProxyWithoutWebSockets.start(nodes.near.url);
    onTestFinished(() => proxy.stop());
    await openPage(proxy.url);
    await connect({});

    await nodes.far.push("alice", "greeting", "through the proxy");

    await expect.poll(() => received).toMatchObject([{ payload: "through the proxy" }]);
    expect(proxy.streams).toBe(1);
    expect(token).toHaveBeenCalledTimes(1);
  });

  test("shows the token in the console, which is why there is a client of our own", async () => {
    await openPage(nodes.near.url);

    await connect({});

    await expect.poll(() => watch.secrets).not.toEqual([]);
  });
});
