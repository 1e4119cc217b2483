import { expect } from "vitest";
import type { StateChange } from "../../src/index.js";
import { FakeClock } from "../fixtures/FakeClock.js";
import { FakeHub } from "../fixtures/FakeHub.js";
import { loopOf } from "./loopOf.js";
import { nextStep } from "./nextStep.js";

type Step = Omit<StateChange, "previous">;

/** Closes each connection of a client as the hub does, and returns what the client makes of that. */
export async function runClose(input: unknown): Promise<unknown> {
  const { close, openForMs } = input as { readonly close: object; readonly openForMs: readonly number[] };
  const hub = await FakeHub.start();
  const clock = new FakeClock();
  const steps: Step[] = [];
  const loop = loopOf(hub, clock, { changed: (step) => steps.push(step) });
  const running = loop.run();
  const ends: Step[] = [];
  try {
    for (const ms of openForMs) {
      await nextStep(steps, "connected");
      clock.advance(ms);
      hub.sayClose(close);
      ends.push(await nextStep(steps, "reconnecting"));
      clock.advance(ends.at(-1)?.retryInMs ?? 0);
    }

    await nextStep(steps, "connected");
  } finally {
    await loop.stop();
    await running;
    await hub.stop();
  }

  return { error: errorOf(ends), waitsMs: ends.map(({ retryInMs }) => retryInMs) };
}

/** Of the message of an error just what the hub has said of it. */
function errorOf(ends: readonly Step[]): unknown {
  const errors = ends.map(({ error }) => error && { code: error.code, message: error.message.slice(error.message.lastIndexOf(": ") + 2) });
  errors.forEach((error) => expect(error).toEqual(errors[0]));
  return errors[0] ?? null;
}
