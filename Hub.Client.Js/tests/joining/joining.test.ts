import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { GroupError, StoppedError, type PushClient, type PushClientOptions } from "../../src/index.js";
import { FakeHub } from "../fixtures/FakeHub.js";
import { nextState } from "../fixtures/nextState.js";
import { quietClient } from "../fixtures/quietClient.js";
import { Deferred } from "../../src/Deferred.js";

const refusal = "An unexpected error occurred invoking 'Join' on the server. HubException: group_refused: The token does not allow it.";
const away = "An unexpected error occurred invoking 'Join' on the server. HubException: store_unavailable: Redis is away. Try again.";

describe("A client that joins groups", () => {
  let hub: FakeHub;
  let client: PushClient;
  const onError = vi.fn();

  beforeEach(async () => {
    hub = await FakeHub.start();
    onError.mockReset();
    client = newClient();
  });

  afterEach(async () => {
    await client.stop();
    await hub.stop();
  });

  function newClient(options: Partial<PushClientOptions> = {}): PushClient {
    const made = quietClient(hub, options);
    made.onError(onError);
    return made;
  }

  /** Drops the connection, and returns when there is another. */
  async function reconnected(): Promise<void> {
    const isBack = nextState(client, "connected");
    hub.drop();
    await isBack;
  }

  function failure(promise: Promise<void>): Promise<unknown> {
    return promise.then(
      () => expect.fail("It has not failed."),
      (error: unknown) => error,
    );
  }

  test("is in the group when the promise resolves", async () => {
    await client.start();

    await client.join("room-7");

    expect(hub.groupCalls).toEqual(["Join room-7"]);
  });

  test("joins as it connects what it was to join before", async () => {
    const joining = client.join("room-7");
    await client.start();

    expect(hub.groupCalls).toEqual(["Join room-7"]);
    await joining;
  });

  test("asks the hub once for what is joined already, or is being joined", async () => {
    await client.start();

    await Promise.all([client.join("room-7"), client.join("room-7")]);
    await client.join("room-7");

    expect(hub.groupCalls).toEqual(["Join room-7"]);
  });

  test("is out of the group when the promise of leave() resolves", async () => {
    await client.start();
    await client.join("room-7");

    await client.leave("room-7");

    expect(hub.groupCalls).toEqual(["Join room-7", "Leave room-7"]);
  });

  test("asks the hub for nothing when it leaves what it has not joined", async () => {
    await client.leave("room-7");
    await client.start();
    await client.leave("room-7");

    expect(hub.groupCalls).toEqual([]);
  });

  test("joins again by itself whenever it has another connection, until it has left", async () => {
    await client.start();
    await client.join("room-7");
    await client.join("room-8");

    await reconnected();
    expect(hub.groupCalls.slice(2)).toEqual(["Join room-7", "Join room-8"]);

    await client.leave("room-7");
    await reconnected();
    expect(hub.groupCalls.slice(4)).toEqual(["Leave room-7", "Join room-8"]);
  });

  test("is told why the hub refuses a group, and stays connected", async () => {
    hub.answerGroup = () => {
      throw new Error(refusal);
    };
    await client.start();

    const error = await failure(client.join("room-7"));

    expect(error).toBeInstanceOf(GroupError);
    expect(error).toMatchObject({ code: "group_refused", group: "room-7" });
    expect((error as Error).message).toContain("'room-7': group_refused: The token does not allow it.");
    expect(client.state).toBe("connected");
    await reconnected();
    expect(hub.groupCalls).toEqual(["Join room-7"]);
    expect(onError).not.toHaveBeenCalled();
  });

  test("takes a refusal of the hub's host that has no code for one", async () => {
    hub.answerGroup = () => {
      throw new Error("An unexpected error occurred invoking 'Join' on the server. HubException: Not on Sundays.");
    };
    await client.start();

    expect(await failure(client.join("room-7"))).toMatchObject({ code: "join_failed" });
  });

  test("asks again for what was refused when it is to join it again", async () => {
    hub.answerGroup = () => {
      throw new Error(refusal);
    };
    await client.start();
    await failure(client.join("room-7"));
    hub.answerGroup = () => ({});

    await client.join("room-7");

    expect(hub.groupCalls).toEqual(["Join room-7", "Join room-7"]);
  });

  test("tells of a group that the hub does not let it join again, and wants it no more", async () => {
    await client.start();
    await client.join("room-7");
    await client.join("room-8");
    hub.answerGroup = (_, group) => {
      if (group === "room-7") {
        throw new Error(refusal);
      }

      return {};
    };

    await reconnected();
    await reconnected();

    expect(onError.mock.calls).toEqual([[expect.objectContaining({ name: "GroupError", code: "group_refused", group: "room-7" })]]);
    expect(hub.groupCalls.slice(2)).toEqual(["Join room-7", "Join room-8", "Join room-8"]);
  });

  test("tries again while the hub cannot do it, and stays connected", async () => {
    let failures = 3;
    hub.answerGroup = () => {
      if (failures-- > 0) {
        throw new Error(away);
      }

      return {};
    };
    await client.start();

    await client.join("room-7");

    expect(hub.groupCalls).toHaveLength(4);
    expect(hub.requests).toHaveLength(1);
  });

  test("is not connected before it has joined again: an attempt that cannot is a failed one", async () => {
    await client.start();
    await client.join("room-7");
    const errors: (string | undefined)[] = [];
    client.onState(({ error }) => errors.push(error?.message));
    hub.answerGroup = () => {
      hub.answerGroup = () => ({});
      throw new Error(away);
    };

    await reconnected();

    expect(errors).toContainEqual(expect.stringContaining("store_unavailable"));
    expect(hub.groupCalls).toEqual(["Join room-7", "Join room-7", "Join room-7"]);
  });

  test.each([
    ["join, leave", ["Join room-7", "Leave room-7"], ["left", "done"]],
    ["join, leave, join", ["Join room-7"], ["left", "done", "done"]],
  ])("ends in what was said last while the hub was slow: %s", async (said, calls, outcomes) => {
    const held = new Deferred();
    hub.answerGroup = async (method) => {
      await held.promise;
      return method === "Join" ? {} : { hasLeft: true };
    };
    await client.start();

    const promises = said.split(", ").map((what) => (what === "join" ? client.join("room-7") : client.leave("room-7")));
    await expect.poll(() => hub.groupCalls).toEqual(["Join room-7"]);
    held.resolve();

    expect(
      await Promise.all(
        promises.map((promise) =>
          promise.then(
            () => "done",
            (error: unknown) => (error as GroupError).code,
          ),
        ),
      ),
    ).toEqual(outcomes);
    expect(hub.groupCalls).toEqual(calls);
  });

  test("joins again what it was to join again while the hub took it out", async () => {
    await client.start();
    await client.join("room-7");
    const held = new Deferred();
    hub.answerGroup = async (method) => {
      await held.promise;
      return method === "Join" ? {} : { hasLeft: true };
    };

    const leaving = client.leave("room-7");
    await expect.poll(() => hub.groupCalls).toHaveLength(2);
    const joining = client.join("room-7");
    held.resolve();
    await Promise.all([leaving, joining]);

    expect(hub.groupCalls).toEqual(["Join room-7", "Leave room-7", "Join room-7"]);
  });

  test("has left at once what it leaves while it is not connected", async () => {
    await client.start();
    await client.join("room-7");
    hub.refuses = () => 503;
    hub.drop();
    await expect.poll(() => client.state).toBe("reconnecting");

    await client.leave("room-7");

    hub.refuses = () => undefined;
    await expect.poll(() => client.state).toBe("connected");
    expect(hub.groupCalls).toEqual(["Join room-7"]);
  });

  test("waits for the next connection when it is to join again what the one before has joined", async () => {
    await client.start();
    await client.join("room-7");
    hub.refuses = () => 503;
    hub.drop();
    await expect.poll(() => client.state).toBe("reconnecting");

    const isJoined = vi.fn();
    const joining = client.join("room-7").then(isJoined);
    await expect.poll(() => hub.requests.length).toBeGreaterThan(2);
    expect(isJoined).not.toHaveBeenCalled();

    hub.refuses = () => undefined;
    await joining;
    expect(hub.groupCalls).toEqual(["Join room-7", "Join room-7"]);
  });

  test("rejects what is not joined yet when it is stopped, and joins it no more", async () => {
    const joining = client.join("room-7");
    await client.stop();
    expect(await failure(joining)).toBeInstanceOf(StoppedError);

    await client.start();
    await client.join("room-8");
    await client.stop();
    await client.start();

    expect(hub.groupCalls).toEqual(["Join room-8"]);
  });

  test("rejects what is not joined yet with the end that the hub has made", async () => {
    hub.answerGroup = () => new Promise<object>(() => {});
    await client.start();
    const joining = client.join("room-7");
    await expect.poll(() => hub.groupCalls).toHaveLength(1);

    hub.sayClose({ error: "banned: You are banned." });

    expect(await failure(joining)).toMatchObject({ name: "EndedError", code: "banned" });
  });

  test("leaves what it has not joined when the signal aborts, and says so with the signal's reason", async () => {
    const joining = client.join("room-7", { signal: AbortSignal.abort("never mind") });
    expect(await failure(joining)).toMatchObject({ code: "left", cause: "never mind" });

    const abort = new AbortController();
    const second = client.join("room-7", { signal: abort.signal });
    abort.abort("too late");
    expect(await failure(second)).toMatchObject({ name: "GroupError", code: "left", cause: "too late" });

    await client.start();
    expect(hub.groupCalls).toEqual([]);
  });

  test("stays in what it has joined when the signal aborts later", async () => {
    const abort = new AbortController();
    await client.start();
    await client.join("room-7", { signal: abort.signal });

    abort.abort();
    await reconnected();

    expect(hub.groupCalls).toEqual(["Join room-7", "Join room-7"]);
  });

  test("leaves no rejection unhandled when what nobody waits for is left or stopped", async () => {
    const unhandled = vi.fn();
    process.on("unhandledRejection", unhandled);
    try {
      void client.join("room-7");
      void client.leave("room-7");
      void client.join("room-8");
      await client.stop();
      await new Promise((resolve) => setImmediate(resolve));
    } finally {
      process.off("unhandledRejection", unhandled);
    }

    expect(unhandled).not.toHaveBeenCalled();
  });

  test("asks after each renewal whether it may stay, and tells of what it may not", async () => {
    await client.start();
    await Promise.all([client.join("room-7"), client.join("room-8")]);
    hub.answerGroup = (_, group) => {
      if (group === "room-7") {
        throw new Error(refusal);
      }

      return {};
    };

    hub.askToRenew();
    await expect.poll(() => onError).toHaveBeenCalledWith(expect.objectContaining({ code: "group_refused", group: "room-7" }));

    expect(hub.groupCalls.slice(2)).toEqual(["Join room-7", "Join room-8"]);
    await reconnected();
    expect(hub.groupCalls.slice(4)).toEqual(["Join room-8"]);
  });
});
