import { getEventListeners } from "node:events";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ConnectionLoop } from "../../src/connecting/ConnectionLoop.js";
import { Connector } from "../../src/connecting/Connector.js";
import { EndedError, SignInRequiredError, type PushMessage, type StateChange } from "../../src/index.js";
import { ReconnectPolicy } from "../../src/connecting/ReconnectPolicy.js";
import { Cursors } from "../../src/resuming/Cursors.js";
import { ResumingConnector } from "../../src/resuming/ResumingConnector.js";
import { StoredCursors } from "../../src/resuming/StoredCursors.js";
import type { TokenSource } from "../../src/TokenSource.js";
import { FakeClock } from "../fixtures/FakeClock.js";
import { FakeHub } from "../fixtures/FakeHub.js";
import { groupsAt } from "../fixtures/groupsAt.js";
import { numberedTokens } from "../fixtures/numberedTokens.js";
import { problem } from "../fixtures/problem.js";
import { handing } from "../fixtures/handing.js";
import { receiptsBy } from "../fixtures/receiptsBy.js";

const early: PushMessage = { id: "1-1", address: "user:alice", type: "chat", payload: null, time: "2026-11-24T08:00:00Z" };

type Step = Omit<StateChange, "previous">;

describe("The connection loop", () => {
  const network = new EventTarget();
  let hub: FakeHub;
  let clock: FakeClock;
  let loop: ConnectionLoop;
  let running: Promise<void>;
  let steps: Step[];
  let received: PushMessage[];
  let failures: string[];
  let ends: EndedError[];

  beforeEach(async () => {
    hub = await FakeHub.start();
    clock = new FakeClock();
    steps = [];
    received = [];
    failures = [];
    ends = [];
  });

  afterEach(async () => {
    await loop.stop();
    await running;
    await hub.stop();
  });

  function run(token: TokenSource = numberedTokens()): void {
    const cursors = new Cursors(new StoredCursors(undefined, hub.url, () => {}));
    const connector = new ResumingConnector(
      new Connector(hub.url, token, clock, new ReconnectPolicy({}, () => 1), (error) => expect.fail(String(error))),
      cursors,
      groupsAt(cursors),
      receiptsBy(),
      "head",
      {
        received: handing((message) => received.push(message)),
        lost: () => {},
        unreadable: () => {},
      },
    );
    loop = new ConnectionLoop(connector, new ReconnectPolicy({}, () => 1), clock, network, {
      failed: (failure) => failures.push(failure.code),
      ended: (end) => ends.push(end),
      changed: (step) => steps.push(step),
    });
    running = loop.run();
  }

  /** Waits until the loop has said `count` things, and returns the last. */
  async function step(count: number): Promise<Step | undefined> {
    await expect.poll(() => steps).toHaveLength(count);
    return steps.at(-1);
  }

  function refuseEveryone(): void {
    hub.acceptsWebSockets = false;
    hub.refusal = problem(503, "store_unavailable");
  }

  test("goes on after a failed first attempt, waiting twice as long each time", async () => {
    refuseEveryone();
    run();

    expect(await step(1)).toMatchObject({ state: "connecting", retryInMs: 1_000, error: { code: "store_unavailable" } });
    clock.advance(1_000);
    expect(await step(3)).toMatchObject({ state: "connecting", retryInMs: 2_000 });
    clock.advance(2_000);
    expect(await step(5)).toMatchObject({ state: "connecting", retryInMs: 4_000 });
    expect(failures).toEqual(["store_unavailable", "store_unavailable", "store_unavailable"]);

    hub.acceptsWebSockets = true;
    clock.advance(4_000);
    expect(await step(7)).toMatchObject({ state: "connected" });
  });

  test("says when a wait is over and the next attempt begins", async () => {
    refuseEveryone();
    run();
    await step(1);

    hub.acceptsWebSockets = true;
    clock.advance(1_000);
    await step(3);

    expect(steps.map(({ state, retryInMs }) => [state, retryInMs])).toEqual([
      ["connecting", 1_000],
      ["connecting", undefined],
      ["connected", undefined],
    ]);
  });

  test("begins anew with the shortest wait when a connection that held drops", async () => {
    run();
    await step(1);

    clock.advance(5_000);
    hub.drop();

    expect(await step(2)).toMatchObject({ state: "reconnecting", retryInMs: 1_000, error: { code: "connection_failed" } });
    expect(failures).toEqual([]);
    clock.advance(1_000);
    expect(await step(4)).toMatchObject({ state: "connected" });
    expect(hub.requests.map(({ token }) => token)).toEqual(["t1", "t2"]);
  });

  test("waits longer and longer for a hub that drops everyone at once", async () => {
    run();
    const waits: (number | undefined)[] = [];

    for (let drop = 1; drop <= 4; drop++) {
      await step(3 * drop - 2);
      hub.drop();
      waits.push((await step(3 * drop - 1))?.retryInMs);
      clock.advance(30_000);
    }

    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000]);
  });

  test.each([true, false])("comes back after the hub has closed with allowReconnect %s", async (allowReconnect) => {
    run();
    await step(1);

    hub.sayClose({ allowReconnect });

    expect(await step(2)).toMatchObject({ state: "reconnecting", retryInMs: 1_000 });
    clock.advance(1_000);
    expect(await step(4)).toMatchObject({ state: "connected" });
    expect(ends).toEqual([]);
  });

  test("tells why the hub has ended the connection, and comes back where it may", async () => {
    run();
    await step(1);

    hub.sayClose({ error: "node_stopping: This node is about to stop.", allowReconnect: true });

    const end = { name: "EndedError", code: "node_stopping", reason: "This node is about to stop.", mayComeBack: true };
    expect(await step(2)).toMatchObject({ state: "reconnecting", retryInMs: 1_000, error: end });
    expect(ends).toMatchObject([end]);
    clock.advance(1_000);
    expect(await step(4)).toMatchObject({ state: "connected" });
  });

  test.each([{ allowReconnect: false }, {}])("stops where the hub ends the connection and says %j", async (rest) => {
    run();
    await step(1);

    hub.sayClose({ error: "banned: You are banned: for good.", ...rest });

    const end = { code: "banned", reason: "You are banned: for good.", mayComeBack: false };
    expect(await step(2)).toMatchObject({ state: "stopped", error: end });
    expect(ends).toMatchObject([end]);
    await running;
    expect(hub.requests).toHaveLength(1);
  });

  test.each(["with the answer to the handshake", "when it resumes"])("stops where the hub ends the connection %s", async (moment) => {
    const close = JSON.stringify({ type: 7, error: "user_full: The user has too many connections." });
    if (moment === "when it resumes") {
      hub.garble = () => close;
    } else {
      hub.handshakeAnswer = `{}\u001e${close}`;
    }

    run();

    const end = { code: "user_full", reason: "The user has too many connections.", mayComeBack: false };
    expect(await step(1)).toMatchObject({ state: "stopped", error: end });
    expect(ends).toMatchObject([end]);
    expect(failures).toEqual(["user_full"]);
    await running;
    expect(hub.requests).toHaveLength(1);
  });

  test("tries no other way after the hub has ended the connection that was being opened", async () => {
    hub.refusal = undefined;
    hub.handshakeAnswer = '{}\u001e{"type":7,"error":"store_unavailable: The store is away.","allowReconnect":true}';

    run();

    expect(await step(1)).toMatchObject({ state: "connecting", retryInMs: 1_000, error: { code: "store_unavailable" } });
    expect(ends).toMatchObject([{ code: "store_unavailable", mayComeBack: true }]);
    expect(hub.requests).toHaveLength(1);
  });

  test("tells of no end that comes after it was stopped", async () => {
    run();
    await step(1);

    hub.sayClose({ error: "node_stopping: This node is about to stop.", allowReconnect: true });
    await loop.stop();
    await running;

    expect(ends).toEqual([]);
    expect(steps).toHaveLength(1);
  });

  test.each(["online", "pageshow", "resume", "visibilitychange"])("does not wait any longer at '%s'", async (event) => {
    refuseEveryone();
    run();
    await step(1);

    hub.acceptsWebSockets = true;
    network.dispatchEvent(new Event(event));

    expect(await step(3)).toMatchObject({ state: "connected" });
  });

  test("comes back at once from what it noticed only after it had woken", async () => {
    run();
    await step(1);

    network.dispatchEvent(new Event("online"));
    hub.drop();

    expect(await step(4)).toMatchObject({ state: "connected" });
  });

  test.each(["freeze", "pagehide"])("closes the connection at '%s', rests, and comes back at once when its page does", async (event) => {
    run();
    await step(1);

    network.dispatchEvent(new Event(event));
    expect(await step(2)).toMatchObject({ state: "reconnecting", error: undefined });
    await expect.poll(() => hub.connections).toBe(0);
    clock.advance(60_000);
    await new Promise(setImmediate);
    expect(hub.requests).toHaveLength(1);
    network.dispatchEvent(new Event("resume"));

    expect(await step(4)).toMatchObject({ state: "connected" });
    expect(failures).toEqual([]);
  });

  test("gives an attempt up when its page is frozen, and blames nobody", async () => {
    hub.swallows.add("upgrade");
    run();
    await expect.poll(() => hub.openSockets).toBe(1);

    network.dispatchEvent(new Event("freeze"));
    await expect.poll(() => hub.openSockets).toBe(0);
    hub.swallows.clear();
    network.dispatchEvent(new Event("resume"));

    expect((await step(3))?.state).toBe("connected");
    expect(failures).toEqual([]);
  });

  test("listens to nothing any more once it is stopped", async () => {
    const types = ["freeze", "online", "pagehide", "pageshow", "resume", "visibilitychange"];
    const listeners = () => types.map((type) => getEventListeners(network, type).length);
    run();
    await step(1);
    expect(listeners()).toEqual([1, 1, 1, 1, 1, 1]);

    await loop.stop();
    expect(listeners()).toEqual([0, 0, 0, 0, 0, 0]);
  });

  test("ends when the user must sign in again, be it long after the first connection", async () => {
    const signIn = new SignInRequiredError();
    run(vi.fn<TokenSource>().mockResolvedValueOnce("t1").mockRejectedValueOnce(signIn));
    await step(1);
    hub.drop();
    await step(2);

    clock.advance(1_000);

    expect(await step(4)).toEqual({ state: "stopped", error: signIn });
    await running;
    network.dispatchEvent(new Event("freeze"));
  });

  test("ends during a wait when it is stopped", async () => {
    refuseEveryone();
    run();
    await step(1);

    await loop.stop();
    await running;

    expect(steps).toHaveLength(1);
  });

  test("closes its connection when it is stopped, and tells of nothing that comes after", async () => {
    run();
    await step(1);
    hub.push(early);
    await expect.poll(() => received).toEqual([early]);

    hub.push({ ...early, id: "1-2" });
    await loop.stop();
    await running;

    await expect.poll(() => hub.connections).toBe(0);
    expect(received).toHaveLength(1);
    expect(steps).toHaveLength(1);
  });
});
