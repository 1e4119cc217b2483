import { beforeEach, describe, expect, test, vi } from "vitest";
import { PageLifecycle } from "../../src/connecting/PageLifecycle.js";
import { FakeClock } from "../fixtures/FakeClock.js";

describe("A page that is awake or not", () => {
  const onSleep = vi.fn();
  let clock: FakeClock;
  let page: EventTarget & { visibilityState?: string };
  let over: AbortController;
  let lifecycle: PageLifecycle;
  let waited: number;

  beforeEach(() => {
    onSleep.mockReset();
    clock = new FakeClock();
    page = new EventTarget();
    over = new AbortController();
    lifecycle = new PageLifecycle(page, clock, over.signal, onSleep);
    waited = 0;
    clock.advance(60_000);
  });

  function wait(ms = 1_000): void {
    void lifecycle.wait(ms).then(() => waited++);
  }

  function dispatch(type: string, fields = {}): void {
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

  test.each(["online", "pageshow", "resume", "visibilitychange"])("waits no longer at '%s'", async (type) => {
    wait();

    dispatch(type);

    expect(await waits()).toBe(1);
  });

  test("waits on when it is hidden", async () => {
    page.visibilityState = "hidden";
    wait();

    dispatch("visibilitychange");

    expect(await waits()).toBe(0);
  });

  test.each([0, 5_000])("does not wait at all when it woke %d ms before, but the next time", async (ms) => {
    dispatch("online");
    clock.advance(ms);

    wait();
    wait();

    expect(await waits()).toBe(1);
  });

  test("waits when it woke longer ago than that", async () => {
    dispatch("online");
    clock.advance(5_001);

    wait();

    expect(await waits()).toBe(0);
  });

  test.each(["before", "after"])("waits until it wakes where it fell asleep %s the wait began", async (when) => {
    const steps = [() => dispatch("freeze"), wait];
    (when === "before" ? steps : steps.reverse()).forEach((step) => step());
    clock.advance(3_600_000);
    expect(await waits()).toBe(0);

    dispatch("resume");

    expect(await waits()).toBe(1);
    expect(onSleep).toHaveBeenCalledTimes(1);
  });

  test("falls asleep once, though a page that is kept is told of it twice", () => {
    dispatch("pagehide", { persisted: true });
    dispatch("freeze");

    expect(onSleep).toHaveBeenCalledTimes(1);
  });

  test("does not sleep when its page is left for good", () => {
    dispatch("pagehide", { persisted: false });

    expect(onSleep).not.toHaveBeenCalled();
  });

  test("ends a wait and observes nothing any more once it is over, asleep or not", async () => {
    dispatch("freeze");
    wait();

    over.abort();

    expect(await waits()).toBe(1);
    dispatch("resume");
    dispatch("freeze");
    expect(onSleep).toHaveBeenCalledTimes(1);
  });
});
