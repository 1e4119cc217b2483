import { beforeEach, describe, expect, test } from "vitest";
import type { PushMessage } from "../../src/index.js";
import { FakeLogs } from "../fixtures/FakeLogs.js";
import type { LogReading } from "../fixtures/LogReading.js";
import { readingAtHeads } from "../fixtures/readingAtHeads.js";

const alice = "user:alice";
const room = "group:room1";

describe("The log reader, at an address that is refused,", () => {
  let logs: FakeLogs;
  let reading: LogReading;

  beforeEach(() => {
    logs = new FakeLogs(alice, room);
    logs.at(alice).publishMany(3);
    reading = readingAtHeads(logs);
  });

  test("forgets the cursor of an address that is refused", () => {
    logs.leave(room);

    reading.connect();
    reading.askAll(logs.resume);

    expect(reading.cursors.toRecord()).toEqual({ [alice]: "3-3" });
  });

  test("begins anew at an address that was refused and is its own again, without handling anything twice", () => {
    const handled = logs.at(room).publish();
    const [, gap] = logs.at(room).publishMany(2) as [PushMessage, PushMessage];
    reading.receive(handled, gap);

    logs.leave(room);
    reading.ask((request) => {
      reading.receive(handled);
      return logs.resume(request);
    });
    logs.join(room);
    const [, next] = logs.at(room).publishMany(2) as [PushMessage, PushMessage];
    reading.receive(next);

    expect(reading.handed).toEqual([handled, next]);
    expect(reading.readers.isBehind).toBe(false);
  });
});
