import { afterEach, expect, test, vi } from "vitest";
import { eventsOfHost } from "../../src/connecting/eventsOfHost.js";

afterEach(() => void vi.unstubAllGlobals());

test("Node has no events of a page to listen to", () => {
  expect(eventsOfHost()).toBeUndefined();
});

test("a page and a worker have", () => {
  vi.stubGlobal("addEventListener", () => {});

  expect(eventsOfHost()).toBe(globalThis);
});
