import { expect } from "vitest";
import { ConnectionLoop } from "../../src/connecting/ConnectionLoop.js";
import { Connector } from "../../src/connecting/Connector.js";
import type { StateChange } from "../../src/index.js";
import { ReconnectPolicy } from "../../src/connecting/ReconnectPolicy.js";
import { Cursors } from "../../src/resuming/Cursors.js";
import { ResumingConnector } from "../../src/resuming/ResumingConnector.js";
import { StoredCursors } from "../../src/resuming/StoredCursors.js";
import { FakeClock } from "../fixtures/FakeClock.js";
import { FakeHub } from "../fixtures/FakeHub.js";
import { numberedTokens } from "../fixtures/numberedTokens.js";

type Step = Omit<StateChange, "previous">;

/** Closes each connection of a client as the hub does, and returns what the client makes of that. */
export async function runClose(input: unknown): Promise<unknown> {
  const { close, openForMs } = input as { readonly close: object; readonly openForMs: readonly number[] };
  const hub = await FakeHub.start();
  const clock = new FakeClock();
  const steps: Step[] = [];
  const loop = loopOf(hub, clock, steps);
  const running = loop.run();
  const ends: Step[] = [];
  try {
    for (const ms of openForMs) {
      await next(steps, "connected");
      clock.advance(ms);
      hub.sayClose(close);
      ends.push(await next(steps, "reconnecting"));
      clock.advance(ends.at(-1)?.retryInMs ?? 0);
    }

    await next(steps, "connected");
  } finally {
    await loop.stop();
    await running;
    await hub.stop();
  }

  return { error: errorOf(ends), waitsMs: ends.map(({ retryInMs }) => retryInMs) };
}

function loopOf(hub: FakeHub, clock: FakeClock, steps: Step[]): ConnectionLoop {
  const cursors = new Cursors(new StoredCursors(undefined, hub.url, (error) => expect.fail(String(error))));
  const listener = { received: () => {}, lost: () => {}, unreadable: () => {} };
  const connector = new ResumingConnector(new Connector(hub.url, numberedTokens(), clock), cursors, "head", listener);
  return new ConnectionLoop(connector, new ReconnectPolicy({}, () => 1), clock, undefined, {
    failed: () => {},
    ended: () => {},
    changed: (step) => steps.push(step),
  });
}

/** The next step to a state; those before it are passed over. */
async function next(steps: Step[], state: Step["state"]): Promise<Step> {
  await expect.poll(() => steps.map((step) => step.state)).toContain(state);
  const at = steps.findIndex((step) => step.state === state);
  return steps.splice(0, at + 1).at(-1) as Step;
}

/** Of the message of an error just what the hub has said of it. */
function errorOf(ends: readonly Step[]): unknown {
  const errors = ends.map(({ error }) => error && { code: error.code, message: error.message.slice(error.message.lastIndexOf(": ") + 2) });
  errors.forEach((error) => expect(error).toEqual(errors[0]));
  return errors[0] ?? null;
}
