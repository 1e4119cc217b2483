import { expect, test } from "vitest";
import type { OpenConnection } from "../../src/connecting/OpenConnection.js";
import { MessageDispatcher } from "../../src/handling/MessageDispatcher.js";
import type { PushMessage } from "../../src/index.js";
import { Cursors } from "../../src/resuming/Cursors.js";
import { LogReaders } from "../../src/resuming/LogReaders.js";
import { Resumer } from "../../src/resuming/Resumer.js";
import { StoredCursors } from "../../src/resuming/StoredCursors.js";
import { TransientIds } from "../../src/resuming/TransientIds.js";
import { FakeLogs } from "../fixtures/FakeLogs.js";
import { groupsAt } from "../fixtures/groupsAt.js";
import { SeededRandom } from "../fixtures/SeededRandom.js";
import { handing } from "../fixtures/handing.js";
import { receiptsBy } from "../fixtures/receiptsBy.js";

const room = "group:room-7";

/** One connection, on which everything arrives in its order but at any time. It is in the room once its client has joined. */
class Wire {
  readonly resumer: Resumer;
  readonly connection: OpenConnection;
  readonly #logs: FakeLogs;
  readonly #arriving: (() => void)[] = [];
  #isInRoom = false;
  isBegun = false;

  constructor(resumer: Resumer, logs: FakeLogs) {
    [this.resumer, this.#logs] = [resumer, logs];
    const never = new Promise<never>(() => {});
    this.connection = {
      closed: never,
      moveAsked: never,
      over: new AbortController().signal,
      resume: (request) => this.#answer(() => this.#own.resume(request)),
      join: () =>
        this.#answer(() => {
          this.#isInRoom = true;
          return { head: logs.at(room).head };
        }),
      leave: () => never,
      tellHandled: () => never,
      close: () => Promise.resolve(),
      abandon: () => {},
    };
  }

  /** The heads of its own addresses. */
  get heads(): Readonly<Record<string, string>> {
    return this.#own.heads;
  }

  gets(address: string): boolean {
    return address !== room || this.#isInRoom;
  }

  get isQuiet(): boolean {
    return this.#arriving.length === 0;
  }

  send(arrive: () => void): void {
    this.#arriving.push(arrive);
  }

  arrive(): void {
    this.#arriving.shift()?.();
  }

  #answer<T>(act: () => T): Promise<T> {
    return new Promise((resolve) =>
      this.send(() => {
        const answer = act();
        this.send(() => resolve(answer));
      }),
    );
  }

  get #own(): FakeLogs {
    this.#logs[this.#isInRoom ? "join" : "leave"](room);
    return this.#logs;
  }
}

/** A client that moves from connection to connection while chance decides what arrives when, and on which of the two. */
class MovingModel {
  readonly logs = new FakeLogs("user:alice", "everyone", room);
  readonly handled: PushMessage[] = [];

  /** The transient messages that have come in before their connection was closed. */
  readonly arrived = new Set<string>();
  moves = 0;
  movedBack = false;
  readonly #offsets = new Map<string, number>();
  readonly #random: SeededRandom;
  readonly #cursors = new Cursors(new StoredCursors(undefined, "", () => {}));
  readonly #groups = groupsAt(this.#cursors);
  #transients = 0;
  readonly #ids = new TransientIds();
  #wires: Wire[] = [];

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
    this.logs.pageSize = this.#random.pick([1, 3, Number.POSITIVE_INFINITY]);
    void this.#groups.join("room-7");
    this.#open();
  }

  async step(): Promise<void> {
    this.#random.pick([
      () => this.#publish(),
      () => this.#publish(),
      () => this.#publishTransient(),
      () => this.#arrive(),
      () => this.#arrive(),
      () => this.#arrive(),
      () => this.#move(),
    ])();
    await settled();
    this.#noteCursors();
  }

  /** All that is under way arrives, and the hub tells where the logs end. */
  async quiesce(): Promise<void> {
    const newest = this.#wires.at(-1);
    newest?.send(() => newest.resumer.headsTold(newest.heads));
    while (this.#wires.some((wire) => !wire.isQuiet || !wire.isBegun)) {
      this.#wires.forEach((wire) => wire.arrive());
      await settled();
      this.#noteCursors();
    }
  }

  /** The offsets only ever grow, since no log loses anything here. */
  #noteCursors(): void {
    for (const [address, cursor] of Object.entries(this.#cursors.toRecord())) {
      const offset = Number(cursor.split("-")[0]);
      this.movedBack ||= offset < (this.#offsets.get(address) ?? 0);
      this.#offsets.set(address, offset);
    }
  }

  #open(): void {
    const before = this.#wires.at(-1)?.resumer;
    const listener = {
      received: handing((message) => this.handled.push(message)),
      lost: () => expect.fail("Nothing is lost here."),
      unreadable: () => expect.fail("Everything can be read here."),
    };
    const dispatcher = new MessageDispatcher(this.#cursors, receiptsBy(), this.#ids, listener, new AbortController().signal);
    const wire = new Wire(new Resumer(new LogReaders(this.#cursors, "head", dispatcher), this.#groups, before), this.logs);
    this.#wires.push(wire);
    if (this.#random.below(2) === 0) {
      wire.resumer.headsTold(wire.heads);
    }

    void wire.resumer.begin(wire.connection).then(() => {
      wire.isBegun = true;
      this.#wires = this.#wires.slice(this.#wires.indexOf(wire));
    });
  }

  /** The first connection begins at the heads, so nothing is published before that. */
  #publish(): void {
    if (this.#isStarted) {
      const message = this.#random.pick(this.logs.all).publish();
      this.#sendToSome(message);
    }
  }

  /** On both connections, as one to a group comes of which both nodes have members. */
  #publishTransient(): void {
    const message = { id: `0-${++this.#transients}`, address: "user:alice", type: "typing", payload: null, time: "2026-11-24T08:00:00Z" };
    const arrive = (wire: Wire) => {
      this.arrived.add(message.id);
      wire.resumer.received(message);
    };
    this.#wires.forEach((wire) => wire.send(() => arrive(wire)));
  }

  /** To both connections, to the newest, or to none, as when its node has missed it. */
  #sendToSome(message: PushMessage): void {
    const wires = this.#random.pick([this.#wires, this.#wires.slice(-1), this.#wires.slice(-1), []]);
    wires.filter((wire) => wire.gets(message.address)).forEach((wire) => wire.send(() => wire.resumer.received(message)));
  }

  #arrive(): void {
    this.#random.pick(this.#wires).arrive();
  }

  #move(): void {
    if (this.#wires.length === 1 && this.#isStarted) {
      this.moves++;
      this.#open();
    }
  }

  get #isStarted(): boolean {
    return this.#wires[0]?.isBegun === true;
  }
}

/** Everything that promises have to do has been done. */
function settled(): Promise<void> {
  return new Promise(setImmediate);
}

test.each(Array.from({ length: 150 }, (_, index) => index + 1))(
  "A client that moves handles each message once, in order (seed %d)",
  async (seed) => {
    const model = new MovingModel(seed);
    for (let count = 0; count < 120; count++) {
      await model.step();
    }

    await model.quiesce();

    for (const log of model.logs.all) {
      expect(model.handled.filter(({ after, address }) => after !== undefined && address === log.retained[0]?.address)).toEqual(
        log.retained,
      );
    }

    expect(model.handled.filter(({ after }) => after === undefined).map(({ id }) => id)).toEqual([...model.arrived]);
    expect(model.movedBack).toBe(false);
    expect(model.moves).toBeGreaterThan(0);
  },
);
