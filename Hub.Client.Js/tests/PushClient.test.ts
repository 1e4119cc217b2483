import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  EndedError,
  PushClient,
  SignInRequiredError,
  StoppedError,
  type PushClientOptions,
  type PushMessage,
  type StateChange,
} from "../src/index.js";
import { FakeHub } from "./fixtures/FakeHub.js";
import { numberedTokens } from "./fixtures/numberedTokens.js";
import { problem } from "./fixtures/problem.js";
import { quietClient } from "./fixtures/quietClient.js";

describe("The push client", () => {
  let hub: FakeHub;
  let client: PushClient;
  let sent = 0;

  beforeEach(async () => {
    hub = await FakeHub.start();
    client = newClient();
  });

  afterEach(async () => {
    await client.stop();
    await hub.stop();
  });

  function newClient(options: Partial<PushClientOptions> = {}): PushClient {
    return quietClient(hub, options);
  }

  function message(type: string, payload: unknown = null): PushMessage {
    return { id: `0-${++sent}`, address: "user:alice", type, payload, time: "2026-11-24T08:00:00Z" };
  }

  test("hands a message to the handlers of its type, in the order they were added", async () => {
    const calls: string[] = [];
    client.on<{ text: string }>("chat", ({ payload }) => calls.push(`first ${payload.text}`));
    client.on("other", () => calls.push("other"));
    client.on<{ text: string }>("chat", ({ payload }) => calls.push(`second ${payload.text}`));
    await client.start();

    hub.push(message("chat", { text: "hi" }));

    await expect.poll(() => calls).toEqual(["first hi", "second hi"]);
  });

  test("passes on the whole message just as the hub sent it", async () => {
    const handler = vi.fn();
    client.on("chat", handler);
    await client.start();

    const whole = message("chat", [1, "two", { three: null }]);
    hub.push(whole);

    await expect.poll(() => handler.mock.calls).toEqual([[whole]]);
  });

  test("hands every message to the handlers of '*', once", async () => {
    const types: string[] = [];
    client.on("*", ({ type }) => types.push(type));
    await client.start();

    ["chat", "other", "*"].forEach((type) => hub.push(message(type)));

    await expect.poll(() => types).toEqual(["chat", "other", "*"]);
  });

  test("goes on when a handler throws, and tells onError", async () => {
    const errors: unknown[] = [];
    const second = vi.fn();
    client.onError((error) => errors.push(error));
    client.on("chat", () => {
      throw new Error("handler");
    });
    client.on("chat", second);
    await client.start();

    hub.push(message("chat"));
    hub.push(message("chat"));

    await expect.poll(() => second).toHaveBeenCalledTimes(2);
    expect(errors).toEqual([new Error("handler"), new Error("handler")]);
  });

  test("puts what a handler throws on the console where nobody asked for it", async () => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => {});
    const silence = client.onState(() => {
      throw new Error("handler");
    });

    await client.start();
    silence();

    expect(logged).toHaveBeenCalledWith(new Error("handler"));
    logged.mockRestore();
  });

  test("calls an unsubscribed handler no more", async () => {
    const gone = vi.fn();
    const kept = vi.fn();
    client.on("chat", gone)();
    client.on("chat", kept);
    await client.start();

    hub.push(message("chat"));

    await expect.poll(() => kept).toHaveBeenCalledTimes(1);
    expect(gone).not.toHaveBeenCalled();
  });

  test("returns one promise from start() until it is stopped", async () => {
    const first = client.start();
    expect(client.start()).toBe(first);
    await first;
    expect(client.start()).toBe(first);

    await client.stop();

    expect(client.start()).not.toBe(first);
  });

  test("resolves start() only when it is connected, after however many attempts", async () => {
    hub.acceptsWebSockets = false;
    const started = client.start();
    await expect.poll(() => hub.requests.length).toBeGreaterThan(6);
    expect(client.state).toBe("connecting");

    hub.acceptsWebSockets = true;
    await started;

    expect(client.state).toBe("connected");
  });

  test("survives a drop with a fresh token, and receives again", async () => {
    const handler = vi.fn();
    client.on("chat", handler);
    await client.start();

    hub.drop();
    await expect.poll(() => hub.requests.map(({ token }) => token)).toEqual(["t1", "t2"]);
    await expect.poll(() => client.state).toBe("connected");
    hub.push(message("chat"));

    await expect.poll(() => handler).toHaveBeenCalledTimes(1);
  });

  test("announces every state with the one before it", async () => {
    const changes: StateChange[] = [];
    client.onState((change) => changes.push(change));

    await client.start();
    await client.stop();

    expect(changes).toEqual([
      { state: "connecting", previous: "stopped" },
      { state: "connected", previous: "connecting" },
      { state: "stopped", previous: "connected" },
    ]);
  });

  test("stops and rejects start() when the user must sign in again", async () => {
    const signIn = new SignInRequiredError("Your session has ended.");
    client = newClient({ token: () => Promise.reject(signIn) });
    const changes: StateChange[] = [];
    client.onState((change) => changes.push(change));

    await expect(client.start()).rejects.toBe(signIn);

    expect(changes.at(-1)).toEqual({ state: "stopped", previous: "connecting", error: signIn });
    expect(client.state).toBe("stopped");
  });

  test("can be started again after the user has signed in", async () => {
    const token = vi.fn(numberedTokens()).mockRejectedValueOnce(new SignInRequiredError());
    client = newClient({ token });
    await expect(client.start()).rejects.toBeInstanceOf(SignInRequiredError);

    await client.start();

    expect(client.state).toBe("connected");
  });

  test("tells of an end by the hub before the state that it leads to, and can be started again", async () => {
    const told: unknown[] = [];
    client.onEnded((end) => told.push(end));
    client.onState(({ state, error }) => told.push(error ? [state, error.code] : state));
    await client.start();

    hub.sayClose({ error: "ended: Signed out everywhere.", allowReconnect: false });
    await expect.poll(() => client.state).toBe("stopped");
    await client.start();

    expect(told).toEqual([
      "connecting",
      "connected",
      { code: "ended", reason: "Signed out everywhere.", mayComeBack: false },
      ["stopped", "ended"],
      "connecting",
      "connected",
    ]);
  });

  test("rejects start() when the hub ends the connection for good before it has connected", async () => {
    hub.garble = () => '{"type":7,"error":"user_full: Close another."}';
    const logger = { warn: vi.fn() };
    client = newClient({ logger });

    const failure = await client.start().catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(EndedError);
    expect(failure).toMatchObject({ message: "The hub ended the connection with user_full: Close another.", mayComeBack: false });
    expect(logger.warn).toHaveBeenCalledExactlyOnceWith(
      expect.stringContaining(`could not connect to ${hub.url}, and has stopped. The hub ended`),
    );
    expect(client.state).toBe("stopped");
  });

  test("tells onError why its connection cannot be renewed, and stays connected", async () => {
    const signIn = new SignInRequiredError();
    const errors = vi.fn();
    client = newClient({ token: vi.fn(numberedTokens()).mockResolvedValueOnce("t1").mockRejectedValueOnce(signIn) });
    client.onError(errors);
    await client.start();

    hub.askToRenew();

    await expect.poll(() => errors.mock.calls).toEqual([[signIn]]);
    expect(client.state).toBe("connected");
  });

  test("calls a handler of ends no more that was taken out, and goes on when one throws", async () => {
    const [gone, kept, errors] = [vi.fn(), vi.fn(), vi.fn()];
    client.onError(errors);
    client.onEnded(gone)();
    client.onEnded(() => expect.fail("Not now."));
    client.onEnded(kept);
    await client.start();

    hub.sayClose({ error: "node_stopping: This node is about to stop.", allowReconnect: true });

    await expect.poll(() => hub.requests).toHaveLength(2);
    expect(kept).toHaveBeenCalledTimes(1);
    expect(errors).toHaveBeenCalledTimes(1);
    expect(gone).not.toHaveBeenCalled();
  });

  test("rejects start() when it is stopped before it has connected", async () => {
    hub.acceptsWebSockets = false;
    const started = client.start();

    await client.stop();

    await expect(started).rejects.toBeInstanceOf(StoppedError);
    expect(client.state).toBe("stopped");
  });

  describe("told how long to try", () => {
    beforeEach(() => hub.swallows.add("upgrade"));

    test("stops when the time is up, and says what went wrong last", async () => {
      client = newClient({ token: () => Promise.reject(new Error("no such table")) });
      const changes: StateChange[] = [];
      client.onState((change) => changes.push(change));

      const failure = await client.start({ timeout: 100 }).catch((error: unknown) => error);

      expect(failure).toMatchObject({ name: "StartTimeoutError", code: "start_timeout", cause: { name: "ConnectionError" } });
      expect(String(failure)).toBe(
        "StartTimeoutError: The client did not connect within 0.1 seconds. The last attempt failed: The token source failed: no such table.",
      );
      expect(changes.at(-1)).toEqual({ state: "stopped", previous: "connecting", error: failure });
      expect(client.state).toBe("stopped");
    });

    test("says so where no attempt was over yet, and leaves nothing open", async () => {
      await expect(client.start({ timeout: 100 })).rejects.toThrow("did not connect within 0.1 seconds. No attempt was over yet.");

      await expect.poll(() => hub.openSockets).toBe(0);
    });

    test("stops when the signal aborts, whose reason is the cause", async () => {
      const over = new AbortController();
      const started = client.start({ signal: over.signal });
      await expect.poll(() => hub.requests).toHaveLength(1);

      over.abort("The page is left.");

      await expect(started).rejects.toMatchObject({ name: "StoppedError", code: "stopped", cause: "The page is left." });
      expect(client.state).toBe("stopped");
      await expect.poll(() => hub.openSockets).toBe(0);
    });

    test("does not begin for a signal that has aborted, nor with a time that is none", async () => {
      await expect(client.start({ signal: AbortSignal.abort() })).rejects.toBeInstanceOf(StoppedError);
      await expect(client.start({ timeout: Number.NaN })).rejects.toBeInstanceOf(RangeError);
      await expect(client.start({ timeout: 0 })).rejects.toBeInstanceOf(RangeError);

      expect(client.state).toBe("stopped");
      expect(hub.requests).toEqual([]);
    });

    test("goes on for ever once it is connected", async () => {
      hub.swallows.clear();
      const over = new AbortController();
      await client.start({ timeout: 10_000, signal: over.signal });

      over.abort();
      await new Promise(setImmediate);

      expect(client.state).toBe("connected");
    });

    test("ends the client for whoever else waits for it", async () => {
      const patient = client.start();

      await expect(client.start({ timeout: 50 })).rejects.toMatchObject({ code: "start_timeout" });

      await expect(patient).rejects.toMatchObject({ code: "start_timeout" });
    });
  });

  describe("whose first attempt fails", () => {
    test("warns once, on the console", async () => {
      const warned = vi.spyOn(console, "warn").mockImplementation(() => {});
      client = new PushClient({ url: hub.url, token: numberedTokens(), retry: { firstMs: 1, maxMs: 10 } });
      hub.acceptsWebSockets = false;
      void client.start();
      await expect.poll(() => hub.requests.length).toBeGreaterThan(6);

      expect(warned.mock.calls).toEqual([
        [
          expect.stringContaining(
            `could not connect to ${hub.url}, and tries again until it is stopped. The hub refused the connection with 404 connection_unknown.`,
          ),
        ],
      ]);
      warned.mockRestore();
    });

    test("warns its logger instead, again after the next start", async () => {
      const logger = { warn: vi.fn() };
      client = newClient({ token: () => Promise.reject(new SignInRequiredError()), logger });
      await client.start().catch(() => {});
      await client.start().catch(() => {});

      expect(logger.warn).toHaveBeenCalledTimes(2);
    });

    test("does not fail because of its logger", async () => {
      const errors: unknown[] = [];
      const token = vi.fn(numberedTokens()).mockRejectedValueOnce(new Error("Not yet."));
      client = newClient({ token, logger: { warn: () => expect.fail("The logger is full.") } });
      client.onError((error) => errors.push(error));

      await client.start();

      expect(errors.map(String)).toEqual(["AssertionError: The logger is full."]);
    });

    test("keeps silent about a connection that drops", async () => {
      const logger = { warn: vi.fn() };
      client = newClient({ logger });
      await client.start();

      hub.drop();
      await expect.poll(() => hub.requests).toHaveLength(2);
      await client.start();

      expect(logger.warn).not.toHaveBeenCalled();
    });
  });

  test("needs nobody to wait for start()", async () => {
    const unhandled = vi.fn();
    process.on("unhandledRejection", unhandled);

    void client.start();
    await client.stop();
    await new Promise(setImmediate);

    process.off("unhandledRejection", unhandled);
    expect(unhandled).not.toHaveBeenCalled();
  });

  test("may be stopped by a handler of its own", async () => {
    client.onState(({ state }) => state === "connected" && void client.stop());

    await client.start();

    await expect.poll(() => hub.connections).toBe(0);
    expect(client.state).toBe("stopped");
  });

  test("stops without effect where nothing was started", async () => {
    const changed = vi.fn();
    client.onState(changed);

    await client.stop();

    expect(changed).not.toHaveBeenCalled();
  });

  test("tells of a refusal with the hub's own reason", async () => {
    hub.acceptsWebSockets = false;
    hub.refusal = problem(403, "origin_refused");
    const errors: (string | undefined)[] = [];
    client.onState(({ error }) => errors.push(error?.code));

    void client.start();

    await expect.poll(() => errors).toContain("origin_refused");
  });

  test.each(["/hub", "ws://127.0.0.1/hub", "nowhere"])("does not accept '%s' as a url outside a page", (url) => {
    expect(() => newClient({ url })).toThrow(TypeError);
  });
});
