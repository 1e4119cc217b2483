import { describe, expect, test, vi } from "vitest";
import { HandlerList } from "../../src/handling/HandlerList.js";

describe("HandlerList", () => {
  test("run in the order they were added", () => {
    const calls: string[] = [];
    const handlers = new HandlerList<string>(() => {});
    handlers.add((event) => calls.push(`first ${event}`));
    handlers.add((event) => calls.push(`second ${event}`));

    void handlers.call("a");

    expect(calls).toEqual(["first a", "second a"]);
  });

  test("do not stop each other by throwing", () => {
    const thrown: unknown[] = [];
    const second = vi.fn();
    const handlers = new HandlerList<string>((error) => thrown.push(error));
    handlers.add(() => {
      throw new Error("first");
    });
    handlers.add(second);

    void handlers.call("a");

    expect(second).toHaveBeenCalledWith("a");
    expect(thrown).toEqual([new Error("first")]);
  });

  test("may be async, and their rejection is not lost", async () => {
    const thrown: unknown[] = [];
    const handlers = new HandlerList<string>((error) => thrown.push(error));
    handlers.add(async () => Promise.reject(new Error("late")));

    void handlers.call("a");

    await expect.poll(() => thrown).toEqual([new Error("late")]);
  });

  test("added twice are called twice, and taken out one by one", () => {
    const handler = vi.fn();
    const handlers = new HandlerList<string>(() => {});
    const removeFirst = handlers.add(handler);
    handlers.add(handler);
    removeFirst();
    removeFirst();

    void handlers.call("a");

    expect(handler).toHaveBeenCalledTimes(1);
  });

  test("taken out by an earlier one are not called any more", () => {
    const second = vi.fn();
    const handlers = new HandlerList<string>(() => {});
    handlers.add(() => removeSecond());
    const removeSecond = handlers.add(second);

    void handlers.call("a");

    expect(second).not.toHaveBeenCalled();
  });

  test("added by another one wait for the next event", () => {
    const late = vi.fn();
    const handlers = new HandlerList<string>(() => {});
    const removeFirst = handlers.add(() => {
      removeFirst();
      handlers.add(late);
    });

    void handlers.call("a");
    void handlers.call("b");

    expect(late.mock.calls).toEqual([["b"]]);
  });
});
