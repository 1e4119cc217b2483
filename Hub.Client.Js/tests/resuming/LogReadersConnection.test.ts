import { beforeEach, describe, expect, test } from "vitest";
import type { FakeLog } from "../fixtures/FakeLog.js";
import { FakeLogs } from "../fixtures/FakeLogs.js";
import { LogReading } from "../fixtures/LogReading.js";
import { idsOf } from "../fixtures/idsOf.js";
import { readingAtHeads } from "../fixtures/readingAtHeads.js";

const alice = "user:alice";
const room = "group:room1";

describe("The log reader, at the beginning of a connection,", () => {
  let logs: FakeLogs;
  let log: FakeLog;
  let reading: LogReading;

  beforeEach(() => {
    logs = new FakeLogs(alice, room);
    log = logs.at(alice);
    log.publishMany(3);
    reading = readingAtHeads(logs);
  });

  test("asks from all its cursors, and where to begin at other addresses", () => {
    const other = new FakeLogs(alice, room, "everyone");

    reading.connect();
    reading.askAll(other.resume);

    expect(reading.requests).toEqual([{ cursors: { [alice]: "3-3", [room]: "0-0" }, from: "head" }]);
    expect(reading.cursors.at("everyone")).toBe("0-0");
  });

  test("hands over what it missed, and what came live meanwhile, in order", () => {
    log.publishMany(3);
    reading.connect();

    reading.receive(log.publish());
    reading.ask((request) => {
      const answer = logs.resume(request);
      reading.receive(...log.publishMany(2), logs.at(room).publish());
      return answer;
    });

    expect(reading.ids).toEqual(idsOf([...log.retained.slice(3), ...logs.at(room).retained]));
    expect(reading.readers.isBehind).toBe(false);
  });

  test("keeps asking where to begin until the last page", () => {
    const fresh = new LogReading("retained");
    logs.pageSize = 2;
    logs.at(room).publishMany(2);

    fresh.askAll(logs.resume);

    expect(fresh.ids).toEqual(idsOf([...log.retained, ...logs.at(room).retained]));
    expect(fresh.requests.map(({ from }) => from)).toEqual(["retained", "retained", "retained"]);
  });

  test("hands over nothing of what was published before, unless it is told to", () => {
    const fresh = new LogReading("head");

    fresh.readers.receive(log.publish());
    fresh.askAll(logs.resume);
    fresh.readers.receive(log.publish());

    expect(fresh.ids).toEqual([log.head]);
  });

  test("begins at the cursors that a token brought, where it has none of its own", () => {
    const fresh = new LogReading("head");
    fresh.readers.adopt({ [alice]: "2-2" });
    fresh.readers.adopt({ [alice]: "3-3" });

    fresh.askAll(logs.resume);

    expect(fresh.requests[0]?.cursors).toEqual({ [alice]: "2-2" });
    expect(fresh.ids).toEqual(["3-3"]);
  });
});
