import { beforeEach, describe, expect, test } from "vitest";
import type { PushMessage } from "../../src/index.js";
import { FakeLog } from "../fixtures/FakeLog.js";
import { FakeLogs } from "../fixtures/FakeLogs.js";
import type { LogReading } from "../fixtures/LogReading.js";
import { idsOf } from "../fixtures/idsOf.js";
import { readingAtHeads } from "../fixtures/readingAtHeads.js";

const alice = "user:alice";
const room = "group:room1";

describe("The log reader, with what comes live,", () => {
  let logs: FakeLogs;
  let log: FakeLog;
  let reading: LogReading;

  beforeEach(() => {
    logs = new FakeLogs(alice, room);
    log = logs.at(alice);
    log.publishMany(3);
    reading = readingAtHeads(logs);
  });

  test("handles each message that follows its cursor", () => {
    const messages = log.publishMany(3);

    reading.receive(...messages);

    expect(reading.handed).toEqual(messages);
    expect(reading.readers.isBehind).toBe(false);
    expect(reading.cursors.at(alice)).toBe(log.head);
  });

  test("drops what it has handled, without asking anybody", () => {
    const messages = log.publishMany(256);

    reading.receive(...messages, ...messages);

    expect(reading.ids).toEqual(idsOf(messages));
    expect(reading.readers.isBehind).toBe(false);
  });

  test("handles a transient message wherever it stands, once, and stays there", () => {
    const cursor = reading.cursors.at(alice);
    const transient = { id: "0-77", address: alice, type: "typing", payload: null, time: "2026-11-24T08:00:00Z" };

    reading.receive(transient, transient);

    expect(reading.handed).toEqual([transient]);
    expect(reading.cursors.at(alice)).toBe(cursor);
  });

  test("handles the first message of an address that it did not know, and follows it from there", () => {
    const joined = new FakeLog("group:joined");
    const [, second, third] = joined.publishMany(3) as [PushMessage, PushMessage, PushMessage];

    reading.receive(second, third, third);

    expect(reading.handed).toEqual([second, third]);
  });

  test("holds what leaves a gap, asks for that address alone, and hands over all of it in order", () => {
    const [, second, third] = log.publishMany(3) as [PushMessage, PushMessage, PushMessage];
    const cursor = reading.cursors.at(alice);

    reading.receive(second, third);
    expect(reading.handed).toEqual([]);
    reading.askAll(logs.resume);

    expect(reading.requests).toEqual([{ cursors: { [alice]: cursor } }]);
    expect(reading.ids).toEqual(idsOf(log.retained.slice(3)));
  });

  test("goes on with other addresses while it is behind at one", () => {
    const [, gap] = log.publishMany(2) as [PushMessage, PushMessage];
    const other = logs.at(room).publish();

    reading.receive(gap, other);

    expect(reading.handed).toEqual([other]);
  });

  test("asks for whatever fell behind during a call with the next one", () => {
    const [, gap] = log.publishMany(2) as [PushMessage, PushMessage];
    const [, otherGap] = logs.at(room).publishMany(2) as [PushMessage, PushMessage];
    reading.receive(gap);

    reading.ask((request) => {
      reading.receive(otherGap);
      return logs.resume(request);
    });
    expect(reading.readers.isBehind).toBe(true);
    reading.askAll(logs.resume);

    expect(reading.requests.map(({ cursors }) => Object.keys(cursors))).toEqual([[alice], [room]]);
    expect(reading.readers.isBehind).toBe(false);
  });

  test("hands over nothing any more once it is stopped, be it by a handler, and stays where it is", () => {
    const [first] = log.publishMany(3) as [PushMessage];
    reading.connect();
    reading.onMessage = () => reading.stop.abort();

    reading.ask(logs.resume);
    reading.receive(log.publish(), { ...log.publish(), address: "group:other" });

    expect(reading.handed).toEqual([first]);
    expect(reading.cursors.toRecord()).toEqual({ [alice]: first.id, [room]: "0-0" });
  });
});
