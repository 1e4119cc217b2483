import { EndedError, type StateChange } from "../../src/index.js";
import { FakeClock } from "../fixtures/FakeClock.js";
import { FakeHub } from "../fixtures/FakeHub.js";
import { loopOf } from "./loopOf.js";
import { nextStep } from "./nextStep.js";

type Step = Omit<StateChange, "previous">;

/** Closes the connection of a client as the hub does, and returns what the client is told of it, and whether it stops. */
export async function runEnded(input: unknown): Promise<unknown> {
  const hub = await FakeHub.start();
  const clock = new FakeClock();
  const [steps, ends]: [Step[], EndedError[]] = [[], []];
  const loop = loopOf(hub, clock, { ended: (end) => ends.push(end), changed: (step) => steps.push(step) });
  const running = loop.run();
  try {
    await nextStep(steps, "connected");
    hub.sayClose(input as object);
    return await outcome(steps, ends, clock);
  } finally {
    await loop.stop();
    await running;
    await hub.stop();
  }
}

async function outcome(steps: Step[], ends: readonly EndedError[], clock: FakeClock): Promise<unknown> {
  const { state, error, retryInMs = 0 } = await nextStep(steps, "stopped", "reconnecting");
  if (state === "reconnecting") {
    clock.advance(retryInMs);
    await nextStep(steps, "connected");
  }

  const [end = null] = ends.map(({ code, reason, mayComeBack }) => ({ code, reason, mayComeBack }));
  return { ended: end, stops: state === "stopped" && error instanceof EndedError };
}
