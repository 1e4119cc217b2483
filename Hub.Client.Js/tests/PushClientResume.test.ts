import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { PushClient, type CursorStorage, type PushClientOptions } from "../src/index.js";
import type { FakeLog } from "./fixtures/FakeLog.js";
import { FakeHub } from "./fixtures/FakeHub.js";
import { FakeLogs } from "./fixtures/FakeLogs.js";
import { MemoryStorage } from "./fixtures/MemoryStorage.js";
import { numberedTokens } from "./fixtures/numberedTokens.js";
import { ThrowingStorage } from "./fixtures/ThrowingStorage.js";

const alice = "user:alice";

describe("The push client", () => {
  const clients: PushClient[] = [];
  let hub: FakeHub;
  let logs: FakeLogs;
  let log: FakeLog;
  let events: unknown[];

  beforeEach(async () => {
    hub = await FakeHub.start();
    logs = new FakeLogs(alice);
    log = logs.at(alice);
    hub.answerResume = logs.resume;
    events = [];
  });

  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.stop()));
    await hub.stop();
  });

  /** A client that notes what it hands over, in order: the payload of each message, and what is lost. */
  function newClient(options: Partial<PushClientOptions> = {}): PushClient {
    const client = new PushClient({ url: hub.url, token: numberedTokens(), retry: { firstMs: 1, maxMs: 10 }, ...options });
    client.on("*", ({ payload }) => events.push(payload));
    clients.push(client);
    return client;
  }

  function publish(...payloads: unknown[]): void {
    payloads.forEach((payload) => log.publish(payload));
  }

  function pushLive(payload: unknown): void {
    hub.push(log.publish(payload));
  }

  async function reconnected(): Promise<void> {
    const before = hub.resumes.length;
    hub.drop();
    await expect.poll(() => hub.resumes.length).toBeGreaterThan(before);
  }

  test("comes back with the secret of its connection, asks nobody for a token, and has missed nothing", async () => {
    const token = vi.fn(() => Promise.resolve({ token: "t1", cursors: { [alice]: "0-0" } }));
    let given = 0;
    hub.details = () => ({ reconnectSecret: `wsreconnectYWxpY2U.${++given}` });
    const storage = new MemoryStorage();
    const stored = vi.spyOn(storage, "setItem");
    const client = newClient({ token, storage });
    publish("before");
    await client.start();

    for (const missed of ["one", "two"]) {
      publish(missed);
      await reconnected();
      await expect.poll(() => events).toContain(missed);
    }

    expect(events).toEqual(["before", "one", "two"]);
    expect(token).toHaveBeenCalledTimes(1);
    expect(hub.requests.map((request) => request.token)).toEqual(["t1", "wsreconnectYWxpY2U.1", "wsreconnectYWxpY2U.2"]);
    expect(stored.mock.calls.join()).not.toContain("wsreconnect");
  });

  test("does not come back with it once it was stopped: another user may have signed in", async () => {
    hub.details = () => ({ reconnectSecret: "wsreconnectYWxpY2U.1" });
    const client = newClient();
    await client.start();

    await client.stop();
    await client.start();

    expect(hub.requests.map(({ token }) => token)).toEqual(["t1", "t2"]);
  });

  test("hands over what was published while it was away, in order, before it is connected", async () => {
    const client = newClient();
    client.onState(({ state }) => events.push(state));
    await client.start();
    publish("missed", "too");

    await reconnected();

    await expect.poll(() => events.at(-1)).toBe("connected");
    const back = events.slice(events.indexOf("reconnecting"));
    expect(back.filter((event) => event !== "reconnecting")).toEqual(["missed", "too", "connected"]);
  });

  test("has handed over everything that it missed when start() resolves", async () => {
    publish("one", "two");

    await newClient({ from: "retained" }).start();

    expect(events).toEqual(["one", "two"]);
  });

  test("begins with what is published from then on, unless it is told otherwise", async () => {
    publish("before");

    await newClient().start();
    pushLive("after");

    await expect.poll(() => events).toEqual(["after"]);
  });

  test("begins where the token says, so that nothing is missed since the page was rendered", async () => {
    publish("rendered");
    const cursors = { [alice]: log.head };
    publish("since");

    await newClient({ token: () => Promise.resolve({ token: "t1", cursors }) }).start();

    expect(events).toEqual(["since"]);
  });

  test("prefers its own cursor to that of a later token", async () => {
    const client = newClient({ token: () => Promise.resolve({ token: "t1", cursors: { [alice]: log.head } }) });
    await client.start();
    publish("missed");

    await reconnected();

    await expect.poll(() => events).toEqual(["missed"]);
  });

  test("does not count as connected while the hub refuses to resume, and goes on trying", async () => {
    hub.answerResume = () => {
      throw new Error("HubException: store_unavailable: Redis does not answer.");
    };
    const client = newClient();
    const errors: (string | undefined)[] = [];
    client.onState(({ error }) => errors.push(error?.message));
    const started = client.start();
    await expect.poll(() => hub.resumes.length).toBeGreaterThan(2);
    expect(client.state).toBe("connecting");

    hub.answerResume = logs.resume;
    await started;

    expect(errors).toContain("HubException: store_unavailable: Redis does not answer.");
  });

  test("stops at once while it resumes", async () => {
    hub.answerResume = () => new Promise(() => {});
    const client = newClient();
    const started = client.start();
    await expect.poll(() => hub.resumes).toHaveLength(1);

    await client.stop();

    await expect(started).rejects.toMatchObject({ code: "stopped" });
    await expect.poll(() => hub.connections).toBe(0);
  });

  test("goes on after a stop with the message after the one at which it was stopped", async () => {
    publish("one", "two", "three");
    const client = newClient({ from: "retained" });
    const unsubscribe = client.on("*", () => void client.stop());
    await client.start().catch(() => {});
    expect(events).toEqual(["one"]);
    unsubscribe();

    await client.start();

    expect(events).toEqual(["one", "two", "three"]);
  });

  test("counts a message as handled when its handler throws, and keeps the order", async () => {
    publish("one", "two");
    const client = newClient({ from: "retained" });
    client.onError((error) => events.push((error as Error).message));
    client.on("*", ({ payload }) => {
      throw new Error(`not ${String(payload)}`);
    });

    await client.start();
    await reconnected();
    pushLive("three");

    await expect.poll(() => events).toEqual(["one", "not one", "two", "not two", "three", "not three"]);
  });

  describe("when messages are gone for ever", () => {
    async function loseSome(client: PushClient): Promise<void> {
      await client.start();
      publish("gone", "left");
      log.trimTo(1);
      await reconnected();
    }

    test("tells onLost before it hands over what is left", async () => {
      const client = newClient();
      client.onLost((loss) => events.push(loss));

      await loseSome(client);

      await expect.poll(() => events).toEqual([{ address: alice }, "left"]);
    });

    test("goes on where nobody asked for it", async () => {
      await loseSome(newClient());

      await expect.poll(() => events).toEqual(["left"]);
    });

    test("tells an unsubscribed handler no more", async () => {
      const client = newClient();
      client.onLost((loss) => events.push(loss))();

      await loseSome(client);

      await expect.poll(() => events).toEqual(["left"]);
    });

    test("goes on when a handler of it throws, and tells onError", async () => {
      const client = newClient();
      client.onError((error) => events.push((error as Error).message));
      client.onLost(() => {
        throw new Error("handler");
      });

      await loseSome(client);

      await expect.poll(() => events).toEqual(["handler", "left"]);
    });
  });

  describe("with a storage", () => {
    let storage: CursorStorage;

    beforeEach(() => void (storage = new MemoryStorage()));

    test("goes on after a reload where the page before ended", async () => {
      const before = newClient({ storage });
      await before.start();
      pushLive("one");
      await expect.poll(() => events).toEqual(["one"]);
      await before.stop();
      publish("missed");

      await newClient({ storage }).start();

      expect(events).toEqual(["one", "missed"]);
    });

    test("has stored a message as soon as its handlers were called, so that a reload does not repeat it", async () => {
      publish("one", "two");
      const before = newClient({ storage, from: "retained" });
      before.on("*", () => void before.stop());
      await before.start().catch(() => {});
      expect(events).toEqual(["one"]);

      await newClient({ storage }).start();

      expect(events).toEqual(["one", "two"]);
    });

    function keyOf(address: string): string {
      return `realtimehub ${hub.url} ${address}`;
    }

    /** A client that notes what it is told of losses as well. */
    function newWatcher(options: Partial<PushClientOptions> = {}): PushClient {
      const client = newClient({ storage, ...options });
      client.onLost((loss) => events.push(loss));
      return client;
    }

    async function leaveWith(...cursors: [address: string, cursor: string][]): Promise<void> {
      const before = newClient({ storage });
      await before.start();
      await before.stop();
      cursors.forEach(([address, cursor]) => storage.setItem(keyOf(address), cursor));
    }

    test("tells of a loss where something else stands for a cursor, and begins there anew", async () => {
      await leaveWith([alice, "mine"]);
      publish("missed");

      await newWatcher().start();
      pushLive("live");

      await expect.poll(() => events).toEqual([{ address: alice }, "live"]);
      expect(hub.resumes.at(-1)?.cursors).toEqual({});
      expect(storage.getItem(keyOf(alice))).toBe(log.head);
    });

    test("tells of the loss before it hands over what is retained", async () => {
      await leaveWith([alice, "mine"]);
      publish("missed");

      await newWatcher({ from: "retained" }).start();

      expect(events).toEqual([{ address: alice }, "missed"]);
    });

    test("tells of the loss although the token brings a cursor for the address", async () => {
      await leaveWith([alice, "mine"]);
      publish("missed");

      await newWatcher({ token: () => Promise.resolve({ token: "t1", cursors: { [alice]: log.head } }) }).start();

      expect(events).toEqual([{ address: alice }]);
    });

    test("tells of the loss on the next page, if this one never got as far", async () => {
      await leaveWith([alice, "mine"]);
      hub.answerResume = () => new Promise(() => {});
      const before = newWatcher();
      void before.start().catch(() => {});
      await expect.poll(() => hub.resumes).toHaveLength(2);
      await before.stop();
      hub.answerResume = logs.resume;

      await newWatcher().start();

      expect(events).toEqual([{ address: alice }]);
    });

    test("says nothing of addresses that are not its own, and clears them away", async () => {
      await leaveWith(["user:mallory", "mine"], ["group:room9", "1-1"], ["nowhere", "1-1"]);

      await newWatcher().start();

      expect(events).toEqual([]);
      expect(["user:mallory", "group:room9", "nowhere"].map((address) => storage.getItem(keyOf(address)))).toEqual([null, null, null]);
    });

    test("is not locked out by twenty thousand cursors: it throws them away, and tells of it", async () => {
      await leaveWith();
      const left = storage.getItem(keyOf(alice)) ?? "";
      for (let group = 0; group < 20_000; group++) {
        storage.setItem(keyOf(`group:${group}`), "1-1");
      }

      await newWatcher().start();

      expect(hub.resumes.at(-1)?.cursors).toEqual({});
      expect(events).toEqual([{ address: alice }]);
      expect([storage.key(0), storage.key(1)]).toEqual([keyOf(alice), null]);
      expect(storage.getItem(keyOf(alice))).toBe(left);
    });

    test("keeps as many cursors as a connection has addresses", async () => {
      await leaveWith();
      for (let group = 0; group < 1_001; group++) {
        storage.setItem(keyOf(`group:${group}`), "1-1");
      }

      await newWatcher().start();

      expect(Object.keys(hub.resumes.at(-1)?.cursors ?? {})).toHaveLength(1_002);
      expect(events).toEqual([]);
    });

    test.each([
      ["keeps cursors of addresses that are as long together as a connection's can be", 65_536 / 256, 65_536 / 256 + 1, []],
      ["throws away those of addresses that are longer together", 65_536 / 256 + 30, 0, [{ address: alice }]],
    ])("%s", async (_, groups, kept, told) => {
      await leaveWith();
      for (let group = 0; group < groups; group++) {
        storage.setItem(keyOf(`group:${group}`.padEnd("group:".length + 256, "ü")), "1-1");
      }

      await newWatcher().start();

      expect(Object.keys(hub.resumes.at(-1)?.cursors ?? {})).toHaveLength(kept);
      expect(events).toEqual(told);
    });

    test("sends no more cursors than there can be addresses, however many tokens bring", async () => {
      let tokens = 0;
      const token = () => {
        const groups = Array.from({ length: 1_000 }, (_, group) => [`group:${tokens}.${group}`, "1-1"]);
        return Promise.resolve({ token: `t${++tokens}`, cursors: Object.fromEntries(groups) as Record<string, string> });
      };
      hub.answerResume = ({ cursors }) => ({
        addresses: Object.fromEntries(
          Object.entries(cursors).map(([address, cursor]) => [address, { recovered: true, cursor, messages: [] }]),
        ),
        refused: [],
        more: false,
      });
      const client = newClient({ token });
      await client.start();

      await reconnected();

      expect(hub.resumes.map(({ cursors }) => Object.keys(cursors).length)).toEqual([1_000, 0]);
    });

    test("forgets an address that is refused, on the next page as well", async () => {
      await newClient({ storage }).start();
      hub.answerResume = ({ cursors }) => ({ addresses: {}, refused: Object.keys(cursors), more: false });
      await reconnected();
      await expect.poll(() => storage.getItem(keyOf(alice))).toBeNull();

      await newClient({ storage }).start();

      expect(hub.resumes.at(-1)?.cursors).toEqual({});
    });

    test("that throws does as well as without one, and says so once", async () => {
      const errors = vi.fn();
      const client = newClient({ storage: new ThrowingStorage() });
      client.onError(errors);
      await client.start();
      pushLive("one");
      await expect.poll(() => events).toEqual(["one"]);
      publish("missed");

      await reconnected();

      await expect.poll(() => events).toEqual(["one", "missed"]);
      expect(errors.mock.calls).toEqual([[new Error("No storage.")]]);
    });
  });
});
