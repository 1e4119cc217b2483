import { reactive } from "@vue/reactivity";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { PushClient, RefusedError } from "../src/index.js";
import { FakeHub } from "./fixtures/FakeHub.js";
import { numberedTokens } from "./fixtures/numberedTokens.js";

/** Everything that is read through it is wrapped as well, whatever it is; functions are called on the proxy. */
function deep<T extends object>(target: T): T {
  return new Proxy(target, {
    get(object, key, receiver) {
      const value: unknown = Reflect.get(object, key, receiver);
      return typeof value === "object" && value !== null ? deep(value) : value;
    },
  });
}

describe.each([
  ["reactive() of Vue", <T extends object>(target: T) => reactive(target) as T],
  ["a proxy that wraps all that it gives out", deep],
])("A client in %s", (_, wrap) => {
  let hub: FakeHub;
  let client: PushClient;
  let events: unknown[];

  beforeEach(async () => {
    hub = await FakeHub.start();
    events = [];
    const store = wrap({
      client: new PushClient({ url: hub.url, token: numberedTokens(), logger: { warn: (message) => events.push(message) } }),
    });
    client = store.client;
  });

  afterEach(async () => {
    await client.stop();
    await hub.stop();
  });

  test("does all that it does elsewhere", async () => {
    const forget = [
      client.on("chat", ({ payload }) => {
        events.push(payload);
        throw new Error("thrown");
      }),
      client.onState(({ state }) => events.push(state)),
      client.onLost(({ address }) => events.push(address)),
      client.onError((error) => events.push(error)),
    ];

    await client.start({ timeout: 10_000, signal: new AbortController().signal });
    expect(client.state).toBe("connected");
    hub.push({ id: "0-1", address: "user:alice", type: "chat", payload: "hi", time: "2026-11-24T08:00:00Z" });
    hub.push({ id: "0-2", address: "user:alice" });
    await expect.poll(() => events).toEqual(["connecting", "connected", "hi", new Error("thrown"), "user:alice"]);
    forget.forEach((call) => call());
    await client.stop();

    expect(client.state).toBe("stopped");
    expect(events).toHaveLength(5);
    await expect.poll(() => hub.connections).toBe(0);
  });

  test("fails as it does elsewhere, with errors that can be held there", async () => {
    hub.acceptsWebSockets = false;
    const store = wrap<{ error?: unknown }>({});
    client.onState(({ error }) => (store.error = error));

    await expect(client.start({ timeout: 1_000 })).rejects.toMatchObject({ code: "start_timeout" });

    const { cause } = store.error as { cause: RefusedError };
    expect(cause).toBeInstanceOf(RefusedError);
    expect(`${cause.status} ${cause.code} ${cause.name}`).toBe("404 connection_unknown RefusedError");
    expect(events).toHaveLength(1);
  });
});
