import { describe, expect, test } from "vitest";
import { EventStreamParser } from "../../src/transport/EventStreamParser.js";

describe("The event stream parser", () => {
  test("finds the same events however the stream was cut", () => {
    const stream = ": hello\r\n\r\ndata: one\r\n\r\ndata:two\ndata: lines\n\n";

    for (let size = 1; size <= stream.length; size++) {
      const parser = new EventStreamParser();
      const pieces = stream.match(new RegExp(`[^]{1,${size}}`, "g")) ?? [];

      expect(pieces.flatMap((piece) => parser.feed(piece))).toEqual(["one", "two\nlines"]);
    }
  });

  test("passes over fields it has no use for", () => {
    expect(new EventStreamParser().feed("event: x\nid: 7\ndata: one\nretry: 1\n\n")).toEqual(["one"]);
  });

  test("keeps an event back until it is complete", () => {
    expect(new EventStreamParser().feed("data: one\r\n")).toEqual([]);
  });
});
