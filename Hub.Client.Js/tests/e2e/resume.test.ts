import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { PushClient, type PushClientOptions, type TokenSource } from "../../src/index.js";
import { MemoryStorage } from "../fixtures/MemoryStorage.js";
import { ProxyWithoutWebSockets } from "./fixtures/ProxyWithoutWebSockets.js";
import { TwoNodes } from "./fixtures/TwoNodes.js";

/** Small, so that a test can publish more than that. */
const retained = 20;

describe("The push client that resumes", () => {
  const clients: PushClient[] = [];
  const events: unknown[] = [];
  let nodes: TwoNodes;
  let user: string;
  let users = 0;

  beforeAll(async () => void (nodes = await TwoNodes.start({ retains: retained })));
  afterAll(() => nodes.stop());

  beforeEach(() => void (user = `user-${++users}`));

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.stop()));
    events.length = 0;
  });

  const token: TokenSource = () => nodes.near.mint(user);

  /** A client of the test's own user, which notes the payloads that it gets, and what is lost. */
  function newClient(options: Partial<PushClientOptions> = {}): PushClient {
    const client = new PushClient({ url: nodes.near.hubUrl, token, retry: { firstMs: 50, maxMs: 200 }, ...options });
    client.on("*", ({ payload }) => events.push(payload));
    client.onLost((loss) => events.push(loss));
    clients.push(client);
    return client;
  }

  async function publish(...payloads: unknown[]): Promise<void> {
    for (const payload of payloads) {
      await nodes.far.push(user, "note", payload);
    }
  }

  function numbers(count: number): number[] {
    return Array.from({ length: count }, (_, number) => number);
  }

  test("is reachable from the moment that start() resolves, every time", async () => {
    for (const number of numbers(10)) {
      const client = newClient();
      await client.start();
      await nodes.far.push(user, "note", number);
      await expect.poll(() => events).toContain(number);
      await client.stop();
    }
  });

  test("comes back to its node, which was killed, by the secret of its connection: it asks for one token only", async () => {
    const asked = vi.fn(token);
    const client = newClient({ token: asked });
    await client.start();

    for (const round of ["once", "twice"]) {
      await nodes.near.kill();
      await expect.poll(() => client.state).toBe("reconnecting");
      await publish(round);
      await nodes.restartNear();
      await expect.poll(() => client.state).toBe("connected");
    }

    expect(events).toEqual(["once", "twice"]);
    expect(asked).toHaveBeenCalledTimes(1);
    expect(nodes.near.output + nodes.far.output).not.toContain("wsreconnect");
  });

  test("gets what was published while its node was away, in order, before what comes after", async () => {
    const client = newClient();
    await client.start();
    await publish("before");
    await expect.poll(() => events).toEqual(["before"]);

    await nodes.near.kill();
    await expect.poll(() => client.state).toBe("reconnecting");
    await publish(...numbers(10));
    await nodes.restartNear();
    await expect.poll(() => client.state).toBe("connected");
    await publish("after");

    await expect.poll(() => events).toEqual(["before", ...numbers(10), "after"]);
  });

  test("has got everything that it missed when start() resolves, in however many pages", async () => {
    const client = newClient();
    await client.start();
    await client.stop();
    const large = numbers(retained).map((number) => `${number} ${"x".repeat(60_000)}`);
    await publish(...large);

    await client.start();

    expect(events).toEqual(large);
  });

  test("goes on where the client before it ended, with the same storage", async () => {
    const storage = new MemoryStorage();
    const before = newClient({ storage });
    await before.start();
    await publish("handled");
    await expect.poll(() => events).toEqual(["handled"]);
    await before.stop();
    await publish("missed");

    await newClient({ storage }).start();

    expect(events).toEqual(["handled", "missed"]);
  });

  test("tells of a loss before what is left of the log", async () => {
    const client = newClient();
    await client.start();
    await client.stop();
    await publish(...numbers(retained + 5));

    await client.start();

    expect(events).toEqual([{ address: `user:${user}` }, ...numbers(retained + 5).slice(5)]);
  });

  test("begins with what is retained if it is told to", async () => {
    const client = newClient({ from: "retained" });
    await publish("early", "bird");

    await client.start();

    expect(events).toEqual(["early", "bird"]);
  });

  test("begins where its token says", async () => {
    const minted = await nodes.near.mintWithCursors(user);
    await publish("since");

    await newClient({ token: () => Promise.resolve(minted) }).start();

    expect(events).toEqual(["since"]);
  });

  test("resumes through a proxy that refuses WebSockets", async () => {
    const proxy = await ProxyWithoutWebSockets.start(nodes.near.url);
    onTestFinished(() => proxy.stop());
    const client = newClient({ url: proxy.hubUrl });
    await client.start();
    await client.stop();
    await publish("missed");

    await client.start();
    await publish("live");

    await expect.poll(() => events).toEqual(["missed", "live"]);
  });
});
