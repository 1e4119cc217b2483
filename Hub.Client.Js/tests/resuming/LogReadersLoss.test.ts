import { beforeEach, describe, expect, test } from "vitest";
import type { PushMessage } from "../../src/index.js";
import type { FakeLog } from "../fixtures/FakeLog.js";
import { FakeLogs } from "../fixtures/FakeLogs.js";
import { LogReading } from "../fixtures/LogReading.js";
import { readingAtHeads } from "../fixtures/readingAtHeads.js";

const alice = "user:alice";
const room = "group:room1";

describe("The log reader, when something is gone for ever,", () => {
  let logs: FakeLogs;
  let log: FakeLog;
  let reading: LogReading;

  beforeEach(() => {
    logs = new FakeLogs(alice, room);
    log = logs.at(alice);
    log.publishMany(3);
    reading = readingAtHeads(logs);
  });

  test("announces it before it hands over what is left", () => {
    const messages = log.publishMany(4);
    log.trimTo(2);

    reading.receive(messages[3] as PushMessage);
    reading.askAll(logs.resume);

    expect(reading.handed).toEqual([{ address: alice }, messages[2], messages[3]]);
  });

  test("announces it once, however many pages are left", () => {
    logs.pageSize = 1;
    const messages = log.publishMany(4);
    log.trimTo(3);

    reading.receive(messages[3] as PushMessage);
    reading.askAll(logs.resume);

    expect(reading.handed).toEqual([{ address: alice }, ...messages.slice(1)]);
  });

  test("announces it when a log was rewound and grew anew to a lower offset than its own", () => {
    reading.receive(...log.publishMany(3));
    reading.handed.length = 0;
    log.rewind(2);

    reading.receive(log.publish());
    reading.askAll(logs.resume);
    const next = log.publish();
    reading.receive(next);

    expect(reading.handed).toEqual([{ address: alice }, next]);
    expect(reading.requests).toHaveLength(1);
  });

  test("asks once more about what came before it was told of it: that may be gone too, though it looks as if it came next", () => {
    const handled = log.publish();
    const reloaded = new LogReading();
    reloaded.readers.adopt({ [alice]: handled.id });

    reloaded.ask((request) => {
      reloaded.readers.receive(handled);
      log.rewind(1);
      return logs.resume(request);
    });
    reloaded.askAll(logs.resume);

    expect(reloaded.handed).toEqual([{ address: alice }]);
    expect(reloaded.requests).toHaveLength(2);
  });
});
