import { HubConnectionBuilder, LogLevel, type HubConnection } from "@microsoft/signalr";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import type { PushMessage } from "../../src/index.js";
import { BreakableWebSocket } from "./fixtures/BreakableWebSocket.js";
import { ProxyWithoutWebSockets } from "./fixtures/ProxyWithoutWebSockets.js";
import type { StockTransport } from "./fixtures/StockTransport.js";
import { stockTransports } from "./fixtures/stockTransports.js";
import { TwoNodes } from "./fixtures/TwoNodes.js";

describe("The stock client in Node", () => {
  const received: PushMessage[] = [];
  let nodes: TwoNodes;
  let connection: HubConnection;

  beforeAll(async () => void (nodes = await TwoNodes.start()));
  afterAll(() => nodes.stop());

  afterEach(async () => {
    await connection.stop();
    received.length = 0;
  });

  /** Connects Alice, and returns how often she had to fetch a token for it. */
  async function connect(url: string, options: StockTransport): Promise<number> {
    const token = vi.fn(() => nodes.near.mint("alice"));
    connection = new HubConnectionBuilder()
      .withUrl(url, { ...options, accessTokenFactory: token })
      .withStatefulReconnect()
      .configureLogging(LogLevel.None)
      .build();
    connection.on("Receive", (message: PushMessage) => void received.push(message));
    await connection.start();
    await untilAttached();
    return token.mock.calls.length;
  }

  /** The hub answers invocations only after it has attached the connection, be it with an error. */
  async function untilAttached(): Promise<void> {
    await connection.invoke("NoSuchMethod").catch(() => {});
  }

  describe.each(stockTransports)("over %s", (_, options) => {
    test.each(["near", "far"] as const)("receives what is published on the %s node, for one token", async (publisher) => {
      const tokens = await connect(nodes.near.hubUrl, options);

      await nodes[publisher].push("alice", "greeting", { from: publisher });

      await expect.poll(() => received).toMatchObject([{ address: "user:alice", type: "greeting", payload: { from: publisher } }]);
      expect(tokens).toBe(1);
    });
  });

  test("receives nothing that is published to another user", async () => {
    await connect(nodes.near.hubUrl, {});

    await nodes.near.push("bob", "greeting", "for Bob");
    await nodes.near.push("alice", "greeting", "for Alice");

    await expect.poll(() => received).toMatchObject([{ payload: "for Alice" }]);
  });

  test("falls back with the same token where a proxy refuses WebSockets", async () => {
    const proxy = await ProxyWithoutWebSockets.start(nodes.near.url);
    onTestFinished(() => proxy.stop());
    const tokens = await connect(proxy.hubUrl, {});

    await nodes.near.push("alice", "greeting", "through the proxy");

    await expect.poll(() => received).toMatchObject([{ payload: "through the proxy" }]);
    expect(proxy.streams).toBe(1);
    expect(tokens).toBe(1);
  });
  test("comes back to the same connection when its socket breaks, and misses nothing", async () => {
    const tokens = await connect(nodes.near.hubUrl, { WebSocket: BreakableWebSocket });
    const id = connection.connectionId;

    BreakableWebSocket.breakLast();
    await nodes.far.push("alice", "greeting", "through the gap");

    await expect.poll(() => received).toMatchObject([{ payload: "through the gap" }]);
    expect(connection.connectionId).toBe(id);
    expect(BreakableWebSocket.opened).toHaveLength(2);
    expect(tokens).toBe(1);
  });
});
