import { beforeEach, describe, expect, test } from "vitest";
import type { PushMessage } from "../../src/index.js";
import type { FakeLog } from "../fixtures/FakeLog.js";
import { FakeLogs } from "../fixtures/FakeLogs.js";
import type { LogReading } from "../fixtures/LogReading.js";
import { idsOf } from "../fixtures/idsOf.js";
import { readingAtHeads } from "../fixtures/readingAtHeads.js";

const alice = "user:alice";
const room = "group:room1";

describe("The log reader, while it resumes,", () => {
  let logs: FakeLogs;
  let log: FakeLog;
  let reading: LogReading;

  beforeEach(() => {
    logs = new FakeLogs(alice, room);
    log = logs.at(alice);
    log.publishMany(3);
    reading = readingAtHeads(logs);
  });

  test("holds what comes live, and handles it after the answer", () => {
    reading.receive(log.publishMany(2)[1] as PushMessage);

    reading.ask((request) => {
      const answer = logs.resume(request);
      reading.receive(...log.publishMany(2));
      expect(reading.handed).toEqual([]);
      return answer;
    });

    expect(reading.ids).toEqual(idsOf(log.retained.slice(3)));
    expect(reading.readers.isBehind).toBe(false);
  });

  test("drops what comes live and in the answer as well", () => {
    reading.receive(log.publishMany(2)[1] as PushMessage);

    reading.ask((request) => {
      reading.receive(log.publish());
      return logs.resume(request);
    });

    expect(reading.ids).toEqual(idsOf(log.retained.slice(3)));
    expect(reading.readers.isBehind).toBe(false);
  });

  test("asks again if there was a gap in what came meanwhile", () => {
    reading.receive(log.publishMany(2)[1] as PushMessage);

    reading.ask((request) => {
      const answer = logs.resume(request);
      reading.receive(log.publishMany(2)[1] as PushMessage);
      return answer;
    });
    reading.askAll(logs.resume);

    expect(reading.requests).toHaveLength(2);
    expect(reading.ids).toEqual(idsOf(log.retained.slice(3)));
  });

  test("asks page after page, from where it stands by then", () => {
    logs.pageSize = 2;
    const messages = log.publishMany(5);
    reading.receive(messages[4] as PushMessage);

    reading.askAll(logs.resume);

    expect(reading.ids).toEqual(idsOf(messages));
    expect(reading.requests.map(({ cursors }) => cursors[alice])).toEqual(["3-3", messages[1]?.id, messages[3]?.id]);
  });

  test("costs one call for a duplicate that it no longer knows, and does not handle it again", () => {
    const messages = log.publishMany(257);
    reading.receive(...messages, messages[0] as PushMessage);

    reading.askAll(logs.resume);

    expect(reading.requests).toHaveLength(1);
    expect(reading.ids).toEqual(idsOf(messages));
  });

  test("costs one call more for such a duplicate that comes while a call is under way", () => {
    const messages = log.publishMany(257);
    reading.receive(...messages, messages[0] as PushMessage);

    reading.ask((request) => {
      reading.receive(messages[0] as PushMessage);
      return logs.resume(request);
    });
    reading.askAll(logs.resume);

    expect(reading.requests).toHaveLength(2);
    expect(reading.ids).toEqual(idsOf(messages));
  });

  test("holds no more than a thousand messages of an address, and asks again for those that had no room", () => {
    reading.receive(log.publishMany(2)[1] as PushMessage);

    reading.ask((request) => {
      const answer = logs.resume(request);
      reading.receive(...log.publishMany(1_001));
      return answer;
    });
    expect(reading.ids).toHaveLength(2);
    reading.askAll(logs.resume);

    expect(reading.requests).toHaveLength(2);
    expect(reading.ids).toEqual(idsOf(log.retained.slice(3)));
  });

  test("holds a thousand messages of an address, and needs no further call for them", () => {
    reading.receive(log.publishMany(2)[1] as PushMessage);

    reading.ask((request) => {
      const answer = logs.resume(request);
      reading.receive(...log.publishMany(1_000));
      return answer;
    });

    expect(reading.readers.isBehind).toBe(false);
    expect(reading.ids).toHaveLength(1_002);
  });
});
