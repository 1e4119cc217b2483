import { beforeEach, describe, expect, test, vi } from "vitest";
import type { GroupCalls } from "../../src/joining/GroupCalls.js";
import type { JoinedGroups } from "../../src/joining/JoinedGroups.js";
import { Cursors } from "../../src/resuming/Cursors.js";
import { StoredCursors } from "../../src/resuming/StoredCursors.js";
import { Deferred } from "../../src/Deferred.js";
import { FakeClock } from "../fixtures/FakeClock.js";
import { groupsAt } from "../fixtures/groupsAt.js";

/** A connection that is asked, and answers at once, or when it is told to. */
class Calls implements GroupCalls {
  readonly made: string[] = [];
  readonly #over = new AbortController();
  answer: (call: string) => Promise<void> = () => Promise.resolve();

  get over(): AbortSignal {
    return this.#over.signal;
  }

  join(group: string): Promise<void> {
    return this.#call(`Join ${group}`);
  }

  leave(group: string): Promise<void> {
    return this.#call(`Leave ${group}`);
  }

  end(): void {
    this.#over.abort();
  }

  #call(call: string): Promise<void> {
    this.made.push(call);
    return this.answer(call);
  }
}

describe("The groups of a client", () => {
  let clock: FakeClock;
  let groups: JoinedGroups;
  let calls: Calls;

  beforeEach(() => {
    clock = new FakeClock();
    calls = new Calls();
    groups = groupsAt(new Cursors(new StoredCursors(undefined, "", () => {})), clock);
  });

  /** Everything that promises have to do has been done. */
  function settled(): Promise<void> {
    return new Promise(setImmediate);
  }

  test("are joined forty in a second at the most, as a connection opens and later", async () => {
    const joining = Array.from({ length: 100 }, (_, index) => groups.join(`room-${index}`));
    const following = groups.follow(calls);
    await settled();
    expect(calls.made).toHaveLength(40);

    clock.advance(999);
    await settled();
    expect(calls.made).toHaveLength(40);

    clock.advance(1);
    await settled();
    expect(calls.made).toHaveLength(80);
    clock.advance(1_000);
    await Promise.all([following, ...joining]);

    for (let index = 0; index < 30; index++) {
      void groups.join(`late-${index}`);
      await settled();
    }

    expect(calls.made).toHaveLength(120);
    clock.advance(1_000);
    await settled();
    expect(calls.made).toHaveLength(130);
  });

  test("are tried again after the waits of the client, and on no connection that is over", async () => {
    await groups.follow(calls);
    calls.answer = () => Promise.reject(new Error("Redis is away."));
    void groups.join("room-7");
    await settled();
    expect(calls.made).toHaveLength(1);

    clock.advance(1_000);
    await settled();
    expect(calls.made).toHaveLength(2);
    clock.advance(1_000);
    await settled();
    expect(calls.made).toHaveLength(2);
    clock.advance(1_000);
    await settled();
    expect(calls.made).toHaveLength(3);

    calls.end();
    clock.advance(60_000);
    await settled();
    expect(calls.made).toHaveLength(3);
    expect(clock.waiting).toBe(0);
  });

  test("are joined five at once at the most, so that each answer can come in time", async () => {
    await groups.follow(calls);
    const held = new Deferred();
    calls.answer = () => held.promise;
    const joining = Array.from({ length: 12 }, (_, index) => groups.join(`room-${index}`));
    await settled();
    expect(calls.made.length).toBeLessThanOrEqual(5);

    held.resolve();
    await Promise.all(joining);
    expect(calls.made).toHaveLength(12);
  });

  test("are asked for on the newest connection alone", async () => {
    await groups.follow(calls);
    const held = new Deferred();
    calls.answer = () => held.promise;
    const isJoined = vi.fn();
    void groups.join("room-7").then(isJoined);
    const [next, answered] = [new Calls(), new Deferred()];
    next.answer = () => answered.promise;

    const following = groups.follow(next);
    held.resolve();
    await settled();
    expect(isJoined).not.toHaveBeenCalled();

    answered.resolve();
    await following;
    await settled();
    expect(isJoined).toHaveBeenCalledTimes(1);
    void groups.join("room-8");
    expect(calls.made).toEqual(["Join room-7"]);
    expect(next.made).toEqual(["Join room-7", "Join room-8"]);
  });

  test("are left with another call when nobody knows whether the hub has joined them", async () => {
    await groups.follow(calls);
    calls.answer = () => Promise.reject(new Error("There was no answer."));
    const joining = groups.join("room-7");
    joining.catch(() => {});
    await settled();
    calls.answer = () => Promise.resolve();

    const leaving = groups.leave("room-7");
    await expect(joining).rejects.toMatchObject({ code: "left" });
    clock.advance(1_000);
    await leaving;

    expect(calls.made).toEqual(["Join room-7", "Leave room-7"]);
  });
});
