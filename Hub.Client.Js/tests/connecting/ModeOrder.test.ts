import { beforeEach, describe, expect, test } from "vitest";
import { ModeOrder } from "../../src/connecting/ModeOrder.js";
import { FakeClock } from "../fixtures/FakeClock.js";

const [best, second, last] = ["webSockets", "serverSentEvents", "longPolling"] as const;
const all = [best, second, last];
const tenMinutes = 10 * 60_000;

describe("The order of modes", () => {
  let clock: FakeClock;
  let order: ModeOrder;

  beforeEach(() => {
    clock = new FakeClock();
    order = new ModeOrder(clock);
  });

  test.each([0, 1, 7])("begins with the best where nothing has worked yet (attempt %d)", (attempt) => {
    expect(order.next(attempt)).toEqual(all);
  });

  test.each([
    [best, all],
    [second, [second, best, last]],
    [last, [last, best, second]],
  ])("has only what worked right after a drop, and then all that there are, beginning with it (%s)", (mode, then) => {
    order.opened(mode);

    expect([0, 1, 2].map((attempt) => order.next(attempt))).toEqual([[mode], [mode], then]);
  });

  test("gives what is better another try when it has not had one for ten minutes", () => {
    order.next(0);
    order.opened(last);

    clock.advance(tenMinutes);
    expect(order.next(0)).toEqual([last]);
    clock.advance(1);

    expect(order.next(0)).toEqual(all);
    order.opened(last);
    expect(order.next(0)).toEqual([last]);
  });

  test("relies on the best for ever", () => {
    order.opened(best);

    clock.advance(100 * tenMinutes);

    expect(order.next(0)).toEqual([best]);
  });

  test("tries last what opened and then stayed silent", () => {
    order.opened(best);
    order.wentSilent(best);

    expect(order.next(0)).toEqual([second, last, best]);
  });

  test("does not blame what has answered before for one silence, but for a second", () => {
    order.opened(best);
    order.answered(best);
    order.wentSilent(best);
    expect(order.next(1)).toEqual(all);

    order.opened(best);
    order.wentSilent(best);

    expect(order.next(2)).toEqual([second, last, best]);
  });

  test("forgets a silence when something has answered", () => {
    order.opened(best);
    order.wentSilent(best);
    order.opened(second);
    order.answered(second);

    expect(order.next(2)).toEqual([second, best, last]);
  });
});
