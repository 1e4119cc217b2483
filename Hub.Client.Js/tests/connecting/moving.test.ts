import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ConnectionLoop } from "../../src/connecting/ConnectionLoop.js";
import { Connector } from "../../src/connecting/Connector.js";
import { ReconnectPolicy } from "../../src/connecting/ReconnectPolicy.js";
import { Deferred } from "../../src/Deferred.js";
import type { EndedError, Loss, PushMessage, StateChange } from "../../src/index.js";
import type { JoinedGroups } from "../../src/joining/JoinedGroups.js";
import { Cursors } from "../../src/resuming/Cursors.js";
import { ResumingConnector } from "../../src/resuming/ResumingConnector.js";
import { StoredCursors } from "../../src/resuming/StoredCursors.js";
import { FakeClock } from "../fixtures/FakeClock.js";
import { FakeHub } from "../fixtures/FakeHub.js";
import type { FakeLog } from "../fixtures/FakeLog.js";
import { FakeLogs } from "../fixtures/FakeLogs.js";
import { groupsAt } from "../fixtures/groupsAt.js";
import { numberedTokens } from "../fixtures/numberedTokens.js";
import { handing } from "../fixtures/handing.js";
import { receiptsBy } from "../fixtures/receiptsBy.js";

const alice = "user:alice";
const stopping = { error: "node_stopping: This node is about to stop.", allowReconnect: true };

/** Which of two connections the hub speaks on. */
const [old, next] = [0, 1];

describe("A client that is asked to move", () => {
  const page = new EventTarget();
  const token = vi.fn(numberedTokens());
  let hub: FakeHub;
  let clock: FakeClock;
  let logs: FakeLogs;
  let log: FakeLog;
  let loop: ConnectionLoop;
  let groups: JoinedGroups;
  let running: Promise<void>;
  let states: string[];
  let ends: EndedError[];
  let events: (PushMessage | Loss)[];
  let transients: number;

  beforeEach(async () => {
    token.mockReset().mockImplementation(numberedTokens());
    hub = await FakeHub.start();
    clock = new FakeClock();
    logs = new FakeLogs(alice, "everyone");
    log = logs.at(alice);
    hub.answerResume = logs.resume;
    hub.heads = () => logs.heads;
    let given = 0;
    hub.details = () => ({ reconnectSecret: `wsreconnectYWxpY2U.${++given}` });
    [states, ends, events, transients] = [[], [], [], 0];
    await begin();
  });

  afterEach(async () => {
    await loop.stop();
    await running;
    await hub.stop();
  });

  async function begin(): Promise<void> {
    const fail = (error: unknown) => expect.fail(String(error));
    const policy = new ReconnectPolicy({}, () => 1);
    const cursors = new Cursors(new StoredCursors(undefined, hub.url, fail));
    groups = groupsAt(cursors, clock);
    const connector = new ResumingConnector(new Connector(hub.url, token, clock, policy, fail), cursors, groups, receiptsBy(), "head", {
      received: handing((message) => events.push(message)),
      lost: (loss) => events.push(loss),
      unreadable: fail,
    });
    loop = new ConnectionLoop(connector, policy, clock, page, {
      failed: () => {},
      ended: (end) => ends.push(end),
      changed: ({ state, retryInMs, error }: Omit<StateChange, "previous">) =>
        states.push([state, retryInMs, error?.code].filter((part) => part !== undefined).join(" ")),
    });
    running = loop.run();
    await expect.poll(() => states).toEqual(["connected"]);
  }

  function shown(): string[] {
    return hub.requests.map(({ token: credential = "" }) => credential.replace("wsreconnectYWxpY2U.", "secret "));
  }

  function refuseSecrets(status: number): void {
    hub.refuses = (credential) => (credential?.startsWith("wsreconnect") ? status : undefined);
  }

  function transient(): PushMessage {
    return { id: `0-${++transients}`, address: alice, type: "typing", payload: null, time: "2026-11-24T08:00:00Z" };
  }

  /** Has the new connection miss something, and its first call of `Resume` wait for its answer. */
  async function moveAndHoldAnswer(): Promise<Deferred> {
    const held = new Deferred();
    hub.answerResume = async (request) => {
      const answer = logs.resume(request);
      await held.promise;
      return answer;
    };
    log.publish("missed");
    hub.askToMove();
    await expect.poll(() => hub.resumes).toHaveLength(1);
    return held;
  }

  async function moved(): Promise<void> {
    await expect.poll(() => hub.requests.length).toBeGreaterThan(1);
    await expect.poll(() => hub.connections).toBe(1);
  }

  /** Returns when the client waits for its next try to move: beside that it only waits for the time to renew its connection. */
  async function pausing(): Promise<void> {
    await expect.poll(() => clock.waiting).toBe(2);
  }

  /** Returns when the client has taken in what was sent on a connection before. */
  async function taken(to: number): Promise<void> {
    const marker = transient();
    hub.push(marker, to);
    await expect.poll(() => events).toContainEqual(marker);
    events.splice(
      events.findIndex((event) => "id" in event && event.id === marker.id),
      1,
    );
  }

  test("opens another connection by its secret before it closes the old one, and stays connected", async () => {
    const openBefore: number[] = [];
    hub.refuses = () => void openBefore.push(hub.connections);

    hub.askToMove();
    await moved();

    expect(openBefore).toEqual([1]);
    expect(shown()).toEqual(["t1", "secret 1"]);
    expect(hub.resumes).toEqual([]);
    hub.push(log.publish("after"));
    await expect.poll(() => events).toEqual(log.retained);
    expect(states).toEqual(["connected"]);
    expect(ends).toEqual([]);
  });

  test("is in its groups on the new connection before it closes the old one", async () => {
    await groups.join("room-7");
    const held = new Deferred();
    hub.answerGroup = async () => {
      await held.promise;
      return { head: "0-0" };
    };

    hub.askToMove();
    await expect.poll(() => hub.groupCalls).toEqual(["Join room-7", "Join room-7"]);
    const typing = { ...transient(), address: "group:room-7" };
    hub.push(typing, old);
    await expect.poll(() => events).toEqual([typing]);
    expect(hub.connections).toBe(2);

    held.resolve();
    await expect.poll(() => hub.connections).toBe(1);
    expect(states).toEqual(["connected"]);
  });

  test("joins and leaves on the new connection what is said while it moves", async () => {
    await groups.join("room-7");
    const held = new Deferred();
    hub.answerGroup = async (method) => {
      await held.promise;
      return method === "Join" ? { head: "0-0" } : { hasLeft: true };
    };
    hub.askToMove();
    await expect.poll(() => hub.groupCalls).toHaveLength(2);

    const said = [groups.leave("room-7"), groups.join("room-8")];
    held.resolve();
    await Promise.all(said);

    await expect.poll(() => hub.connections).toBe(1);
    expect(hub.groupCalls.slice(2)).toEqual(["Leave room-7", "Join room-8"]);
    expect(states).toEqual(["connected"]);
  });

  test("comes back as after a drop when it cannot join again: the hub has forgotten the old connection by then", async () => {
    await groups.join("room-7");
    hub.answerGroup = () => {
      hub.answerGroup = () => ({ head: "0-0" });
      throw new Error("HubException: store_unavailable: Redis is away. Try again.");
    };

    hub.askToMove();
    await expect.poll(() => states).toContainEqual(expect.stringContaining("reconnecting"));
    clock.advance(1_000);

    await expect.poll(() => states.at(-1)).toBe("connected");
    expect(hub.groupCalls).toEqual(["Join room-7", "Join room-7", "Join room-7"]);
  });

  test("moves as often as it is asked, each time by the newest secret", async () => {
    hub.askToMove();
    await moved();
    hub.askToMove();
    await expect.poll(() => hub.requests).toHaveLength(3);
    await expect.poll(() => hub.connections).toBe(1);

    expect(shown()).toEqual(["t1", "secret 1", "secret 2"]);
    expect(token).toHaveBeenCalledTimes(1);
    expect(states).toEqual(["connected"]);
  });

  test("opens one connection, however often the same one asks", async () => {
    const held = await moveAndHoldAnswer();
    hub.askToMove(old);
    hub.askToMove(old);
    await taken(old);
    held.resolve();
    await expect.poll(() => hub.connections).toBe(1);

    expect(shown()).toEqual(["t1", "secret 1"]);
  });

  test("keeps the old connection until the new one has resumed, and handles once what comes on either or both", async () => {
    const held = await moveAndHoldAnswer();
    const both = transient();
    [old, next].forEach((to) => hub.push(both, to));
    hub.push(transient(), old);
    hub.push(transient(), next);
    const live = log.publish("live");
    [old, next].forEach((to) => hub.push(live, to));
    await taken(old);
    await taken(next);
    expect(hub.connections).toBe(2);

    held.resolve();
    await expect.poll(() => hub.connections).toBe(1);
    hub.push(log.publish("after"));

    await expect.poll(() => events.filter((event) => "after" in event)).toEqual(log.retained);
    const ids = events.map((event) => ("id" in event ? event.id : "lost"));
    expect(new Set(ids).size).toBe(ids.length);
    expect(events).toHaveLength(6);
    expect(hub.resumes).toHaveLength(1);
    expect(states).toEqual(["connected"]);
  });

  test("takes no answer of the old connection once the new one reads the logs", async () => {
    const late = new Deferred();
    let isFirst = true;
    hub.answerResume = async (request) => {
      const answer = logs.resume(request);
      if (isFirst) {
        isFirst = false;
        await late.promise;
      }

      return answer;
    };
    log.publish("one");
    hub.push(log.publish("two"));
    await expect.poll(() => hub.resumes).toHaveLength(1);
    const keepsOld = new Deferred();
    const resume = hub.answerResume;
    hub.answerResume = async (request) => {
      const answer = await resume(request);
      await keepsOld.promise;
      return answer;
    };
    hub.askToMove();
    await expect.poll(() => hub.resumes).toHaveLength(2);

    late.resolve();
    await taken(old);
    expect(events).toEqual([]);
    keepsOld.resolve();

    await expect.poll(() => events).toEqual(log.retained);
    expect(hub.resumes).toHaveLength(2);
  });

  test("tries again after waits as long as the hub lets nobody in, and keeps the old connection meanwhile", async () => {
    refuseSecrets(503);
    hub.askToMove();
    await expect.poll(() => hub.requests).toHaveLength(2);
    hub.push(log.publish("meanwhile"));
    await expect.poll(() => events).toEqual(log.retained);
    await pausing();
    clock.advance(1_000);
    await expect.poll(() => hub.requests).toHaveLength(3);
    await pausing();

    hub.refuses = () => undefined;
    clock.advance(2_000);
    await expect.poll(() => hub.requests).toHaveLength(4);
    await moved();

    expect(shown()).toEqual(["t1", "secret 1", "secret 1", "secret 1"]);
    expect(states).toEqual(["connected"]);
  });

  test("waits for the hub to end the connection where it has no secret, and asks for no token before", async () => {
    refuseSecrets(401);
    hub.askToMove();
    await expect.poll(() => hub.requests).toHaveLength(2);
    await taken(old);
    clock.advance(60_000);
    await taken(old);
    expect(token).toHaveBeenCalledTimes(1);

    hub.sayClose(stopping);
    await expect.poll(() => states).toEqual(["connected", "reconnecting 1000 node_stopping"]);
    clock.advance(1_000);
    await expect.poll(() => states.at(-1)).toBe("connected");

    expect(shown()).toEqual(["t1", "secret 1", "t2"]);
  });

  test("tells nobody of an end of the old connection while the new one is being opened, if that opens", async () => {
    const held = await moveAndHoldAnswer();

    hub.sayClose(stopping, old);
    await expect.poll(() => hub.connections).toBe(1);
    held.resolve();

    await expect.poll(() => events).toEqual(log.retained);
    hub.push(log.publish("after"));
    await expect.poll(() => events).toEqual(log.retained);
    expect(states).toEqual(["connected"]);
    expect(ends).toEqual([]);
  });

  test("comes back as after any other end if the new connection does not open and the old one ends meanwhile", async () => {
    hub.swallows.add("upgrade");
    hub.askToMove();
    await expect.poll(() => hub.requests).toHaveLength(2);
    hub.sayClose(stopping);
    await expect.poll(() => hub.connections).toBe(0);
    expect(states).toEqual(["connected"]);

    hub.swallows.clear();
    clock.advance(15_000);

    await expect.poll(() => states).toEqual(["connected", "reconnecting 1000 node_stopping"]);
    expect(ends.map(({ code }) => code)).toEqual(["node_stopping"]);
    clock.advance(1_000);
    await expect.poll(() => states.at(-1)).toBe("connected");
    expect(shown()).toEqual(["t1", "secret 1", "secret 1"]);
  });

  test("comes back, by the newest secret, if the new connection fails before it has resumed", async () => {
    log.publish("missed");
    hub.answerResume = () => {
      throw new Error("HubException: store_unavailable: Redis does not answer.");
    };
    hub.askToMove();

    await expect.poll(() => states).toEqual(["connected", "reconnecting 1000 connection_failed"]);
    await expect.poll(() => hub.connections).toBe(0);
    hub.answerResume = logs.resume;
    clock.advance(1_000);

    await expect.poll(() => states.at(-1)).toBe("connected");
    expect(events).toEqual(log.retained);
    expect(shown()).toEqual(["t1", "secret 1", "secret 2"]);
  });

  test("comes back if the hub has replaced its connection and the new one did not open", async () => {
    hub.refuses = () => void (hub.handshakeAnswer = '{"error":"Handshake was canceled."}');
    hub.askToMove();
    await expect.poll(() => hub.requests).toHaveLength(2);
    await taken(old);
    hub.handshakeAnswer = "{}";
    hub.refuses = () => undefined;

    hub.sayClose({ error: "replaced: Another connection has taken its place.", allowReconnect: false });

    await expect.poll(() => states).toEqual(["connected", "reconnecting 1000 replaced"]);
    expect(ends).toMatchObject([{ code: "replaced", mayComeBack: true }]);
    clock.advance(1_000);
    await expect.poll(() => states.at(-1)).toBe("connected");
    expect(shown()).toEqual(["t1", "secret 1", "t2"]);
  });

  test("stops if its connection is replaced and it has not tried to", async () => {
    hub.sayClose({ error: "replaced: Another connection has taken its place.", allowReconnect: false });

    await expect.poll(() => states).toEqual(["connected", "stopped replaced"]);
    expect(ends).toMatchObject([{ code: "replaced", mayComeBack: false }]);
  });

  test("closes both connections when it is stopped between them, and tells of nothing more", async () => {
    const held = await moveAndHoldAnswer();
    expect(hub.connections).toBe(2);

    await loop.stop();
    await running;
    held.resolve();

    await expect.poll(() => hub.openSockets).toBe(0);
    expect(events).toEqual([]);
    expect(states).toEqual(["connected"]);
    expect(clock.waiting).toBe(0);
  });

  test("gives the new connection up when it is stopped while that is being opened", async () => {
    hub.swallows.add("upgrade");
    hub.askToMove();
    await expect.poll(() => hub.requests).toHaveLength(2);

    await loop.stop();
    await running;

    await expect.poll(() => hub.openSockets).toBe(0);
    expect(clock.waiting).toBe(0);
  });

  test("closes both when its page is frozen, and comes back when the page does", async () => {
    const held = await moveAndHoldAnswer();

    page.dispatchEvent(new Event("freeze"));
    await expect.poll(() => hub.openSockets).toBe(0);
    held.resolve();
    page.dispatchEvent(new Event("resume"));

    await expect.poll(() => states.at(-1)).toBe("connected");
    expect(events).toEqual(log.retained);
    expect(token).toHaveBeenCalledTimes(1);
  });

  test("waits anew as after a first failure only if the new connection has held", async () => {
    clock.advance(60_000);
    hub.askToMove();
    await moved();

    hub.drop();

    await expect.poll(() => states).toEqual(["connected", "reconnecting 1000 connection_failed"]);
    clock.advance(1_000);
    await expect.poll(() => states.at(-1)).toBe("connected");
    hub.drop();
    await expect.poll(() => states.at(-1)).toBe("reconnecting 2000 connection_failed");
  });
});
