import { getEventListeners } from "node:events";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { listenUntil } from "../src/listenUntil.js";

test("Each of many listeners of one signal goes with its own, also after the garbage was collected", () => {
  const { signal } = new AbortController();
  const each = Array.from({ length: 5 }, () => new AbortController());
  each.forEach((over) => listenUntil(over.signal, signal, "abort", () => over.abort()));
  collectGarbage();

  each.forEach((over, index) => {
    expect(getEventListeners(signal, "abort")).toHaveLength(each.length - index);
    over.abort();
  });
  expect(getEventListeners(signal, "abort")).toHaveLength(0);
});

function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  (runInNewContext("gc") as () => void)();
}
