import { describe, expect, test } from "vitest";
import { ReconnectPolicy } from "../../src/connecting/ReconnectPolicy.js";

describe("The reconnect policy", () => {
  test("doubles the longest possible wait from one second to thirty", () => {
    const policy = new ReconnectPolicy({}, () => 1);

    const delays = [0, 1, 2, 3, 4, 5, 6].map((attempt) => policy.delayMs(attempt));

    expect(delays).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]);
  });

  test("spreads a wait over its whole range", () => {
    const delays = [0, 0.25, 0.5].map((chance) => new ReconnectPolicy({}, () => chance).delayMs(2));

    expect(delays).toEqual([0, 1_000, 2_000]);
  });

  test("never exceeds its limit, however long the hub is away", () => {
    expect(new ReconnectPolicy({ maxMs: 5_000 }, () => 1).delayMs(1_000_000)).toBe(5_000);
  });

  test("takes its first wait from the options", () => {
    expect(new ReconnectPolicy({ firstMs: 50 }, () => 1).delayMs(1)).toBe(100);
  });
});
