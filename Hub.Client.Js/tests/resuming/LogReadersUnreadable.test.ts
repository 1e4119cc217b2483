import { beforeEach, describe, expect, test } from "vitest";
import { FakeLog } from "../fixtures/FakeLog.js";
import { FakeLogs } from "../fixtures/FakeLogs.js";
import { LogReading } from "../fixtures/LogReading.js";
import { readingAtHeads } from "../fixtures/readingAtHeads.js";

const alice = "user:alice";

describe("The log reader, with what it cannot read,", () => {
  let logs: FakeLogs;
  let log: FakeLog;
  let reading: LogReading;

  beforeEach(() => {
    logs = new FakeLogs(alice);
    log = logs.at(alice);
    log.publishMany(3);
    reading = readingAtHeads(logs);
  });

  test("loses a message of the log without an id at an address that it does not follow, and asks nobody", () => {
    reading.readers.receive({ ...new FakeLog("group:joined").publish(), id: 7 });

    expect(reading.handed).toEqual([{ address: "group:joined" }]);
    expect(reading.readers.isBehind).toBe(false);
  });

  test("gives up an answer once: what it asked for is lost, and it begins anew at the heads", () => {
    reading.connect();
    reading.readers.beginCall();

    expect(reading.readers.skip()).toBe(true);

    expect(reading.handed).toEqual([{ address: alice }]);
    expect(reading.readers.beginCall()).toEqual({ cursors: {}, from: "head" });
    expect(reading.readers.skip(), "there is nothing left to give up").toBe(false);
  });

  test("gives up an answer that was to bring all that is retained, even without a cursor", () => {
    reading = new LogReading("retained");
    reading.readers.beginCall();

    expect(reading.readers.skip()).toBe(true);

    expect(reading.readers.beginCall()).toEqual({ cursors: {}, from: "head" });
    expect(reading.readers.skip()).toBe(false);
  });
});
