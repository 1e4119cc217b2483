import { beforeEach, describe, expect, test, vi } from "vitest";
import { Wakefulness } from "../src/Wakefulness.js";
import { FakeClock } from "./fixtures/FakeClock.js";

describe("A page that is awake or not", () => {
  const onSleep = vi.fn();
  let clock: FakeClock;
  let page: EventTarget & { visibilityState?: string };
  let over: AbortController;
  let wakefulness: Wakefulness;
  let waited: number;

  beforeEach(() => {
    onSleep.mockReset();
    clock = new FakeClock();
    page = new EventTarget();
    over = new AbortController();
    wakefulness = new Wakefulness(page, clock, over.signal, onSleep);
    waited = 0;
    clock.advance(60_000);
  });

  function wait(ms = 1_000): void {
    void wakefulness.wait(ms).then(() => waited++);
  }

  function hear(type: string, fields = {}): void {
    page.dispatchEvent(Object.assign(new Event(type), fields));
  }

  /** How many waits are over, once all that follows from what happened has. */
  async function waits(): Promise<number> {
    await new Promise(setImmediate);
    return waited;
  }

  test("waits as long as it is told", async () => {
    wait();
    clock.advance(999);
    expect(await waits()).toBe(0);

    clock.advance(1);

    expect(await waits()).toBe(1);
  });

  test.each(["online", "pageshow", "resume", "visibilitychange"])("waits no longer when it hears '%s'", async (type) => {
    wait();

    hear(type);

    expect(await waits()).toBe(1);
  });

  test("waits on when it is hidden", async () => {
    page.visibilityState = "hidden";
    wait();

    hear("visibilitychange");

    expect(await waits()).toBe(0);
  });

  test.each([0, 5_000])("does not wait at all when it woke %d ms before, but the next time", async (ms) => {
    hear("online");
    clock.advance(ms);

    wait();
    wait();

    expect(await waits()).toBe(1);
  });

  test("waits when it woke longer ago than that", async () => {
    hear("online");
    clock.advance(5_001);

    wait();

    expect(await waits()).toBe(0);
  });

  test.each(["before", "after"])("waits until it wakes where it fell asleep %s the wait began", async (when) => {
    when === "before" && hear("freeze");
    wait();
    when === "after" && hear("freeze");
    clock.advance(3_600_000);
    expect(await waits()).toBe(0);

    hear("resume");

    expect(await waits()).toBe(1);
    expect(onSleep).toHaveBeenCalledTimes(1);
  });

  test("falls asleep once, though a page that is kept hears of it twice", () => {
    hear("pagehide", { persisted: true });
    hear("freeze");

    expect(onSleep).toHaveBeenCalledTimes(1);
  });

  test("does not sleep when its page is left for good", () => {
    hear("pagehide", { persisted: false });

    expect(onSleep).not.toHaveBeenCalled();
  });

  test("ends a wait and hears nothing any more once it is over, asleep or not", async () => {
    hear("freeze");
    wait();

    over.abort();

    expect(await waits()).toBe(1);
    hear("resume");
    hear("freeze");
    expect(onSleep).toHaveBeenCalledTimes(1);
  });
});
