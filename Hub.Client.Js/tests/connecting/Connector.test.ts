import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { ConnectionListener } from "../../src/connecting/ConnectionListener.js";
import { Connector } from "../../src/connecting/Connector.js";
import { ConnectionError, type PushError, RefusedError, SignInRequiredError, StoppedError } from "../../src/index.js";
import type { OpenConnection } from "../../src/connecting/OpenConnection.js";
import type { TokenSource } from "../../src/TokenSource.js";
import { ReconnectPolicy } from "../../src/connecting/ReconnectPolicy.js";
import { ReconnectSecret } from "../../src/connecting/ReconnectSecret.js";
import { FakeClock } from "../fixtures/FakeClock.js";
import { FakeHub } from "../fixtures/FakeHub.js";
import { numberedTokens } from "../fixtures/numberedTokens.js";
import { problem } from "../fixtures/problem.js";

describe("The connector", () => {
  let hub: FakeHub;
  let clock: FakeClock;
  let stop: AbortController;
  let offers: unknown[];
  let renewalErrors: PushError[];

  const listener: ConnectionListener = {
    offered: (cursors) => offers.push(cursors),
    received: () => {},
    headsTold: () => {},
    renewed: () => {},
    unreadable: () => {},
  };

  beforeEach(async () => {
    [offers, renewalErrors] = [[], []];
    hub = await FakeHub.start();
    clock = new FakeClock();
    stop = new AbortController();
  });

  afterEach(async () => {
    await hub.stop();
  });

  function connector(token: TokenSource = numberedTokens()): Connector {
    return new Connector(hub.url, token, clock, new ReconnectPolicy({}, () => 1), (error) => renewalErrors.push(error));
  }

  function connect(to: Connector, attempt: number): Promise<OpenConnection> {
    return to.connect(attempt, new ReconnectSecret(clock), listener, stop.signal);
  }

  function failureOf(to: Connector, attempt = 0): Promise<unknown> {
    return connect(to, attempt).then(
      () => expect.fail("connected"),
      (error: unknown) => error,
    );
  }

  function negotiatesOnly(): void {
    hub.acceptsWebSockets = false;
    hub.refusal = undefined;
  }

  function asked(): string[] {
    return hub.requests.splice(0).map(({ kind, token }) => `${kind} ${token}`);
  }

  test("opens a WebSocket with one request and one token", async () => {
    await connect(connector(), 0);

    expect(asked()).toEqual(["websocket t1"]);
  });

  test("goes on to the negotiated transports, with a fresh token and then the grant", async () => {
    negotiatesOnly();

    await connect(connector(), 0);

    expect(hub.requests.map(({ url }) => url).join()).not.toMatch(/t1|t2|wsgrant/);
    expect(asked()).toEqual(["websocket t1", "negotiate t2", "stream wsgrant"]);
  });

  test("begins with the mode that worked last, and after a drop tries no other", async () => {
    negotiatesOnly();
    const to = connector();
    await connect(to, 0);
    asked();

    hub.refusal = problem(503, "store_unavailable");
    await failureOf(to, 1);

    expect(asked()).toEqual(["negotiate t3"]);
  });

  test("tries the other mode as well once the one that worked has failed", async () => {
    negotiatesOnly();
    const to = connector();
    await connect(to, 0);
    asked();

    hub.refusal = problem(503, "store_unavailable");
    hub.acceptsWebSockets = true;
    await connect(to, 2);

    expect(asked()).toEqual(["negotiate t3", "websocket t4"]);
  });

  test("reports a refusal rather than the socket that did not open", async () => {
    hub.acceptsWebSockets = false;
    hub.refusal = problem(401, "token_spent");

    const failure = await failureOf(connector());

    expect(failure).toBeInstanceOf(RefusedError);
    expect(failure).toMatchObject({ status: 401, code: "token_spent" });
  });

  test("asks nothing of the hub when there is no token", async () => {
    const failure = await failureOf(connector(() => Promise.reject(new TypeError("fetch failed"))));

    expect(failure).toBeInstanceOf(ConnectionError);
    expect(failure).toMatchObject({ cause: new TypeError("fetch failed") });
    expect(asked()).toEqual([]);
  });

  test("passes on that the user must sign in again", async () => {
    const signIn = new SignInRequiredError();

    expect(await failureOf(connector(() => Promise.reject(signIn)))).toBe(signIn);
  });

  test.each(["two words", "line\nfeed", "a/b=", ""])("refuses '%s' for a token without repeating it", async (token) => {
    const failure = await failureOf(connector(() => Promise.resolve(token)));

    expect(failure).toBeInstanceOf(ConnectionError);
    expect((failure as ConnectionError).message).toBe("The token source answered with something that is no token.");
  });

  test("passes on the cursors that came with a token, and none that are no cursors", async () => {
    const cursors = { "user:alice": "1-1", everyone: 7 } as unknown as Record<string, string>;

    await connect(
      connector(() => Promise.resolve({ token: "t1", cursors })),
      0,
    );

    expect(offers).toEqual([{ "user:alice": "1-1" }]);
    expect(asked()).toEqual(["websocket t1"]);
  });

  test.each([null, undefined, 7, {}, { token: 7 }])("refuses %j for a token", async (answer) => {
    const failure = await failureOf(connector(() => Promise.resolve(answer as unknown as string)));

    expect(failure).toMatchObject({ message: "The token source answered with something that is no token." });
  });

  test("gives up on a hub that accepts the socket and then says nothing", async () => {
    hub.swallows.add("handshake");
    const failure = failureOf(connector());
    await expect.poll(() => hub.connections).toBe(1);

    clock.advance(15_000);

    expect(await failure).toBeInstanceOf(RefusedError);
    expect(asked()).toEqual(["websocket t1", "negotiate t2"]);
    await expect.poll(() => hub.connections).toBe(0);
  });

  test("does not take a stream that ended while it was being opened for a connection", async () => {
    negotiatesOnly();
    hub.endsStreamsAtFirstPing = true;

    await connect(connector(), 0);

    expect(asked()).toEqual(["websocket t1", "negotiate t2", "stream wsgrant", "negotiate t3", "poll wsgrant", "poll wsgrant"]);
  });

  test.each(["upgrade", "handshake"] as const)("goes on where a WebSocket stays silent at its %s, and leaves none open", async (step) => {
    hub.swallows.add(step);
    hub.refusal = undefined;
    const connecting = connect(connector(), 0);
    await expect.poll(() => hub.requests).toHaveLength(1);
    await expect.poll(() => hub.openSockets).toBe(1);
    hub.swallows.clear();

    clock.advance(5_000);
    await connecting;

    expect(asked()).toEqual(["websocket t1", "negotiate t2", "stream wsgrant"]);
    await expect.poll(() => hub.connections).toBe(0);
  });

  test.each(["stream", "handshake"] as const)("goes on to long polling where a stream stays silent at its %s", async (step) => {
    negotiatesOnly();
    hub.swallows.add(step);
    const connecting = connect(connector(), 0);
    await expect.poll(() => hub.requests.at(-1)?.kind).toBe("stream");
    hub.swallows.clear();

    clock.advance(5_000);
    await connecting;

    expect(asked()).toEqual(["websocket t1", "negotiate t2", "stream wsgrant", "negotiate t3", "poll wsgrant", "poll wsgrant"]);
  });

  test("does not try long polling where the hub does not answer a negotiate", async () => {
    negotiatesOnly();
    hub.swallows.add("negotiate");
    const failure = failureOf(connector());
    await expect.poll(() => hub.requests.at(-1)?.kind).toBe("negotiate");

    clock.advance(5_000);

    expect(await failure).toMatchObject({ message: "There was no answer within 5 seconds." });
    expect(asked()).toEqual(["websocket t1", "negotiate t2"]);
  });

  test("waits for longer where it knows no other way", async () => {
    const to = connector();
    await connect(to, 0);
    asked();
    hub.swallows.add("upgrade");
    const failure = failureOf(to, 1);
    await expect.poll(() => hub.requests).toHaveLength(1);

    clock.advance(14_999);
    await new Promise(setImmediate);
    expect(hub.openSockets).toBe(2);
    clock.advance(1);

    expect(await failure).toMatchObject({ message: "There was no answer within 15 seconds." });
    await expect.poll(() => hub.openSockets).toBe(1);
  });

  test("tells what a hub says that refuses the handshake", async () => {
    hub.handshakeAnswer = '{"error":"Handshake was canceled."}';

    const failure = await failureOf(connector());

    expect(failure).toBeInstanceOf(RefusedError);
    expect(asked()).toEqual(["websocket t1", "negotiate t2"]);
    await expect.poll(() => hub.connections).toBe(0);
  });

  test("closes a connection as the protocol wants, and waits no longer than two seconds for the hub to take it", async () => {
    negotiatesOnly();
    hub.swallows.add("stream");
    const connecting = connect(connector(), 0);
    await expect.poll(() => hub.requests.at(-1)?.kind).toBe("stream");
    clock.advance(5_000);
    const connection = await connecting;
    hub.swallows.add("close");

    const closing = connection.close();
    await expect.poll(() => hub.requests.at(-1)?.kind).toBe("close");
    clock.advance(2_000);

    await closing;
    await expect(connection.closed).resolves.toBeUndefined();
  });

  test("gives up on a token source that never answers, and tells it so", async () => {
    let given: AbortSignal | undefined;
    const failure = failureOf(connector((signal) => new Promise(() => (given = signal))));
    await expect.poll(() => given).toBeDefined();

    clock.advance(15_000);

    expect(await failure).toMatchObject({ message: "There was no answer within 15 seconds." });
    expect(given?.aborted).toBe(true);
  });

  test("lets go at once when it is stopped, and asks for no further token", async () => {
    hub.swallows.add("handshake");
    const token = vi.fn(numberedTokens());
    const failure = failureOf(connector(token));
    await expect.poll(() => hub.connections).toBe(1);

    stop.abort();

    expect(await failure).toBeInstanceOf(StoppedError);
    expect(token).toHaveBeenCalledTimes(1);
    await expect.poll(() => hub.connections).toBe(0);
  });
});
