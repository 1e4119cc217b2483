import type { HubConnection } from "@microsoft/signalr";
import { expect } from "vitest";
import { ReconnectPolicy } from "../../src/connecting/ReconnectPolicy.js";
import { StoppedError, type GroupError, type PushError } from "../../src/index.js";
import type { GroupCalls } from "../../src/joining/GroupCalls.js";
import { JoinedGroups } from "../../src/joining/JoinedGroups.js";
import { Cursors } from "../../src/resuming/Cursors.js";
import { StoredCursors } from "../../src/resuming/StoredCursors.js";
import { invokeGroup } from "../../src/transport/invokeGroup.js";
import { FakeClock } from "../fixtures/FakeClock.js";

type Answers = Readonly<Record<string, string | null>>;

/** Has a client join and leave groups on connections that come and go, and returns what it has called, and what has come of it. */
export async function runGroups(input: unknown): Promise<unknown> {
  const client = new GroupClient();
  for (const [what, value] of (input as readonly object[]).flatMap((event) => Object.entries(event))) {
    await client.observe(what, value);
  }

  return await client.outcome();
}

class GroupClient {
  readonly #clock = new FakeClock();
  readonly #cursors = new Cursors(new StoredCursors(undefined, "", () => {}));
  readonly #told: { readonly group: string; readonly code: string }[] = [];
  readonly #groups = new JoinedGroups(this.#cursors, new ReconnectPolicy({}, () => 1), this.#clock, ({ group, code }) =>
    this.#told.push({ group, code }),
  );
  readonly #calls: string[] = [];
  readonly #unanswered = new Map<string, (code: string | null) => void>();
  readonly #said: Promise<string>[] = [];
  readonly #opened: Promise<boolean>[] = [];
  #over = new AbortController();

  async observe(what: string, value: unknown): Promise<void> {
    switch (what) {
      case "join":
        this.#said.push(codeOf(this.#groups.join(value as string)));
        break;
      case "leave":
        this.#said.push(codeOf(this.#groups.leave(value as string)));
        break;
      case "opens":
        this.#open();
        break;
      case "called":
        await this.#made(value as string);
        break;
      case "answers":
        await this.#answer(value as Answers);
        break;
      case "afterMs":
        this.#clock.advance(value as number);
        break;
      case "renewed":
        this.#groups.renewed(this.#current);
        break;
      case "drops":
        this.#drop();
        break;
      case "stops":
        this.#groups.end(new StoppedError());
        break;
      default:
        expect.fail(`No client knows what to do with '${what}'.`);
    }

    await settled();
  }

  async outcome(): Promise<unknown> {
    expect([...this.#unanswered.keys()]).toEqual([]);
    return {
      calls: this.#calls,
      said: await Promise.all(this.#said),
      opened: await Promise.all(this.#opened),
      told: this.#told,
      wanted: [...this.#cursors.wanted].map((address) => address.slice("group:".length)),
    };
  }

  #current!: GroupCalls;

  #open(): void {
    this.#drop();
    this.#over = new AbortController();
    this.#calls.push("open");
    this.#current = {
      over: this.#over.signal,
      join: (group) => this.#call("Join", group),
      leave: (group) => this.#call("Leave", group),
    };
    this.#opened.push(
      this.#groups.follow(this.#current).then(
        () => true,
        () => false,
      ),
    );
  }

  #drop(): void {
    this.#over.abort();
    this.#unanswered.clear();
  }

  async #call(method: "Join" | "Leave", group: string): Promise<void> {
    this.#calls.push(`${method} ${group}`);
    const answered = new Promise<void>((resolve, reject) =>
      this.#unanswered.set(`${method} ${group}`, (code) => {
        if (code === null) {
          resolve();
        } else {
          reject(new Error(`An unexpected error occurred invoking '${method}' on the server. HubException: ${code}: As scripted.`));
        }
      }),
    );
    await invokeGroup({ invoke: () => answered } as unknown as HubConnection, method, group);
  }

  async #answer(answers: Answers): Promise<void> {
    for (const [call, code] of Object.entries(answers)) {
      await this.#made(call);
      this.#unanswered.get(call)?.(code);
      this.#unanswered.delete(call);
    }
  }

  async #made(call: string): Promise<void> {
    await settled();
    expect([...this.#unanswered.keys()]).toContain(call);
  }
}

function codeOf(said: Promise<void>): Promise<string> {
  return said.then(
    () => "done",
    (error: unknown) => (error as GroupError | PushError).code,
  );
}

/** Everything that promises have to do has been done. */
function settled(): Promise<void> {
  return new Promise(setImmediate);
}
