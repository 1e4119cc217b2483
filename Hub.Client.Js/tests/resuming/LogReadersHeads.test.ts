import { beforeEach, describe, expect, test } from "vitest";
import type { PushMessage } from "../../src/index.js";
import { FakeLog } from "../fixtures/FakeLog.js";
import { FakeLogs } from "../fixtures/FakeLogs.js";
import type { LogReading } from "../fixtures/LogReading.js";
import { readingAtHeads } from "../fixtures/readingAtHeads.js";

const alice = "user:alice";
const room = "group:room1";

describe("The log reader, when the hub tells heads,", () => {
  let logs: FakeLogs;
  let log: FakeLog;
  let reading: LogReading;

  beforeEach(() => {
    logs = new FakeLogs(alice, room);
    log = logs.at(alice);
    log.publishMany(3);
    reading = readingAtHeads(logs);
  });

  test("asks for the addresses that differ", () => {
    const missed = log.publish();

    reading.readers.tellHeads(logs.heads);
    reading.askAll(logs.resume);

    expect(reading.requests.map(({ cursors }) => Object.keys(cursors))).toEqual([[alice]]);
    expect(reading.handed).toEqual([missed]);
  });

  test("takes one that comes with a loss as answered if nothing else came", () => {
    reading.receive(log.publish());
    log.rewind(1);
    reading.readers.tellHeads({ [alice]: log.head });

    reading.ask((request) => {
      reading.readers.tellHeads({ [alice]: log.head });
      return logs.resume(request);
    });

    expect(reading.readers.isBehind).toBe(false);
  });

  test("asks even for one that it has handled before: a log that ends there was rewound", () => {
    reading.receive(...log.publishMany(2));
    log.rewind(1);

    reading.readers.tellHeads({ [alice]: log.head });
    reading.askAll(logs.resume);

    expect(reading.handed.at(-1)).toEqual({ address: alice });
  });

  test("takes one for its cursor at an address where it had none", () => {
    const joined = new FakeLog("group:joined");
    joined.publishMany(2);

    reading.readers.tellHeads({ "group:joined": joined.head });

    expect(reading.readers.isBehind).toBe(false);
    expect(reading.cursors.at("group:joined")).toBe(joined.head);
  });

  test("takes one that came before a call as answered by it", () => {
    reading.receive(log.publishMany(2)[1] as PushMessage);
    reading.readers.tellHeads({ [alice]: log.head });
    log.publish();

    reading.askAll(logs.resume);

    expect(reading.requests).toHaveLength(1);
  });

  test("compares one that comes during a call with where it then stands", () => {
    reading.receive(log.publishMany(2)[1] as PushMessage);

    reading.ask((request) => {
      reading.readers.tellHeads({ [alice]: log.head });
      return logs.resume(request);
    });
    expect(reading.readers.isBehind).toBe(false);

    reading.receive(log.publishMany(2)[1] as PushMessage);
    reading.ask((request) => {
      const answer = logs.resume(request);
      log.publish();
      reading.readers.tellHeads({ [alice]: log.head });
      return answer;
    });
    expect(reading.readers.isBehind).toBe(true);
  });
});
