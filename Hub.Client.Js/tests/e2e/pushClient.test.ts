import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { PushClient, type PushMessage } from "../../src/index.js";
import { clientName } from "../../src/transport/clientName.js";
import { HubNode } from "./fixtures/HubNode.js";
import { ProxyWithoutWebSockets } from "./fixtures/ProxyWithoutWebSockets.js";

describe("The push client in Node", () => {
  const token = vi.fn(() => node.mint("alice"));
  const received: PushMessage[] = [];
  let node: HubNode;
  let client: PushClient;

  beforeAll(async () => void (node = await HubNode.start()));
  afterAll(() => node.kill());

  afterEach(async () => {
    await client.stop();
    received.length = 0;
    token.mockClear();
  });

  async function connect(url: string): Promise<void> {
    client = new PushClient({ url, token, retry: { firstMs: 50, maxMs: 200 } });
    client.on("*", (message) => received.push(message));
    await client.start();
  }

  function payloads(): unknown[] {
    return received.map(({ payload }) => payload);
  }

  test("receives a push over one WebSocket, for one token", async () => {
    await connect(node.hubUrl);

    await node.push("alice", "greeting", { text: "hi" });

    await expect.poll(payloads).toEqual([{ text: "hi" }]);
    expect(token).toHaveBeenCalledTimes(1);
  });

  test("tells the hub what it is, unless the page has said more in the address", async () => {
    await connect(node.hubUrl);
    await expect.poll(() => node.clientsOf("alice")).toEqual([clientName]);
    await client.stop();

    await connect(`${node.hubUrl}?client=shop%2F3.1`);

    await expect.poll(() => node.clientsOf("alice")).toEqual(["shop/3.1"]);
  });

  test("receives pushes in the order in which they were published", async () => {
    await connect(node.hubUrl);
    const numbers = Array.from({ length: 50 }, (_, number) => number);

    for (const number of numbers) {
      await node.push("alice", "greeting", number);
    }

    await expect.poll(payloads).toEqual(numbers);
  });

  test("gets through where a proxy refuses WebSockets", async () => {
    const proxy = await ProxyWithoutWebSockets.start(node.url);
    onTestFinished(() => proxy.stop());
    await connect(proxy.hubUrl);

    await node.push("alice", "greeting", "through the proxy");

    await expect.poll(payloads).toEqual(["through the proxy"]);
    expect(proxy.streams).toBe(1);
    expect(proxy.log.join()).not.toMatch(/ws(token|grant|reconnect)/);
  });

  test("survives the death of its node, with a fresh token", async () => {
    await connect(node.hubUrl);
    await node.kill();
    await expect.poll(() => client.state).toBe("reconnecting");

    node = await node.restart();
    await expect.poll(() => client.state).toBe("connected");
    await node.push("alice", "greeting", "back again");

    await expect.poll(payloads).toEqual(["back again"]);
  });

  test("waits for a hub that is not there yet", async () => {
    await node.kill();
    const connecting = connect(node.hubUrl);
    await expect.poll(() => token.mock.calls.length).toBeGreaterThan(1);

    node = await node.restart();

    await connecting;
  });

  test("is told why it is refused", async () => {
    const unknown = `wstoken${"A".repeat(43)}`;
    client = new PushClient({ url: node.hubUrl, token: () => Promise.resolve(unknown) });
    const failure = new Promise((resolve) => client.onState(({ error }) => error && resolve(error)));

    void client.start();

    expect(await failure).toMatchObject({ name: "RefusedError", status: 401, code: "token_unknown" });
    expect(String(await failure)).not.toContain(unknown);
  });
});
