import { HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { PushClient, type PushMessage } from "../../src/index.js";
import { apiKey, HubNode } from "./fixtures/HubNode.js";
import { ProxyWithoutWebSockets } from "./fixtures/ProxyWithoutWebSockets.js";
import { stockTransports } from "./fixtures/stockTransports.js";

/** Payloads at the edge of what the hub lets in, as a backend may write them. docs/protocol.md has the table. */
const edges: Readonly<Record<string, string>> = {
  "32 arrays": "[".repeat(32) + "]".repeat(32),
  "64 KB in a batch": JSON.stringify("x".repeat(64 * 1024 - 2)),
  "line feeds": '{\n\n"a":\n1\n}',
  "carriage returns": '{\r\r"a":\r1\r}',
  both: '{\r\n"a":\r\n[1,\r\n2]\n\r}',
  "other line ends in a string": '"a\u0085b\u2028c\u2029d"',
  "a record separator, escaped": '"a\\u001eb"',
};

describe("What the hub lets in", () => {
  let node: HubNode;
  let users = 0;

  beforeAll(async () => void (node = await HubNode.start()));
  afterAll(() => node.kill());

  /** Publishes all of them, byte for byte. */
  async function publish(user: string): Promise<void> {
    const messages = Object.values(edges).map((payload) => `{"address":"user:${user}","type":"edge","payload":${payload}}`);
    const headers = { "content-type": "application/json", "x-api-key": apiKey };
    const response = await fetch(`${node.url}/api/messages`, { method: "POST", headers, body: `{"messages":[${messages.join()}]}` });
    expect(await response.json()).toMatchObject({ failed: 0 });
  }

  const expected = Object.values(edges).map((payload) => JSON.parse(payload) as unknown);

  describe.each(stockTransports)("over %s", (_, options) => {
    test("gets out to the stock client, live and by Resume", async () => {
      const user = `stock-${++users}`;
      const connection = new HubConnectionBuilder()
        .withUrl(node.hubUrl, { ...options, accessTokenFactory: () => node.mint(user) })
        .configureLogging(LogLevel.None)
        .build();
      onTestFinished(() => connection.stop());
      const live: unknown[] = [];
      connection.on("Receive", ({ payload }: PushMessage) => void live.push(payload));
      await connection.start();

      await publish(user);

      await expect.poll(() => live).toEqual(expected);
      const answer = await connection.invoke<{ addresses: Record<string, { messages: PushMessage[] }> }>("Resume", { from: "retained" });
      expect(answer.addresses[`user:${user}`]?.messages.map(({ payload }) => payload)).toEqual(expected);
    });
  });

  test("gets out to our client without WebSockets", async () => {
    const user = `ours-${++users}`;
    const proxy = await ProxyWithoutWebSockets.start(node.url);
    onTestFinished(() => proxy.stop());
    await publish(user);
    const handled: unknown[] = [];
    const client = new PushClient({ url: proxy.hubUrl, token: () => node.mint(user), from: "retained" });
    onTestFinished(() => client.stop());
    client.on("*", ({ payload }) => void handled.push(payload));

    await client.start();
    await publish(user);

    await expect.poll(() => handled).toEqual([...expected, ...expected]);
  });
});
