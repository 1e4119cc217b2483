import { expect, test } from "vitest";
import { cursorsIn } from "../../src/resuming/cursorsIn.js";

test("Cursors are taken from an object of strings", () => {
  expect(cursorsIn({ "user:alice": "1-1", everyone: "7-7" })).toEqual({ "user:alice": "1-1", everyone: "7-7" });
});

test.each([
  [undefined],
  [null],
  ["1-1"],
  [["1-1"]],
  [{ "user:alice": 1 }],
  [{ "user:alice": ["1-1"] }],
  [{ "user:alice": null }],
  [{ "user:alice": { cursor: "1-1" } }],
  [{ "user:alice": "" }],
  [{ "user:alice": "mine" }],
  [{ alice: "1-1" }],
  [{ "user:a\u0000": "1-1" }],
])("There is no cursor in %j", (value) => {
  expect(cursorsIn(value)).toEqual({});
});
