import { describe, expect, test } from "vitest";
import { SystemClock } from "../src/SystemClock.js";

describe("The clock of the machine", () => {
  const clock = new SystemClock();

  test("waits as long as it is told to", async () => {
    const before = clock.now();

    await clock.wait(20, new AbortController().signal);

    expect(clock.now() - before).toBeGreaterThanOrEqual(19);
  });

  test.each([1_000_000, Number.POSITIVE_INFINITY])("ends a wait of %d ms when it is told to, and no sooner", async (ms) => {
    const stop = new AbortController();
    const before = clock.now();
    setTimeout(() => stop.abort(), 20);

    await clock.wait(ms, stop.signal);

    expect(clock.now() - before).toBeGreaterThanOrEqual(19);
  });

  test("does not wait at all for a signal that has already gone off", async () => {
    await clock.wait(1_000_000, AbortSignal.abort());
  });
});
