import { expect, test } from "vitest";
import { RenewalPolicy } from "../../src/renewing/RenewalPolicy.js";

test.each([
  ["after 80 % of the time, as a rule", 3_600, 0.5, 2_880_000],
  ["after 70 % at the soonest", 10, 0, 7_000],
  ["after 90 % at the latest", 10, 1, 9_000],
  ["after a second at the soonest", 0, 0.5, 1_000],
  ["after 20 days at the latest", 31_536_000, 0.5, 1_728_000_000],
  ["never where the token has no end", undefined, 0.5, Number.POSITIVE_INFINITY],
])("A connection is renewed %s", (_, lifetimeSeconds, random, expected) => {
  expect(new RenewalPolicy(() => random).delayMs(lifetimeSeconds)).toBe(expected);
});
