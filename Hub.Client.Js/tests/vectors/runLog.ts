import { expect } from "vitest";
import type { ResumeFrom } from "../../src/index.js";
import { Cursors } from "../../src/resuming/Cursors.js";
import { cursorsIn } from "../../src/resuming/cursorsIn.js";
import type { ResumeAnswer } from "../../src/resuming/ResumeAnswer.js";
import { StoredCursors } from "../../src/resuming/StoredCursors.js";
import { LogReading } from "../fixtures/LogReading.js";
import { MemoryStorage } from "../fixtures/MemoryStorage.js";

interface LogInput {
  readonly kept: Readonly<Record<string, string>>;
  readonly from: ResumeFrom;
  readonly events: readonly Readonly<Record<string, unknown>>[];
}

/** Brings a client without its network what a connection would, and returns what it makes of that. */
export function runLog(input: unknown): unknown {
  const { kept, from, events } = input as LogInput;
  const reading = new LogReading(from, cursorsOf(kept));
  for (const [what, value] of events.flatMap((event) => Object.entries(event))) {
    observe(reading, what, value);
  }

  return {
    handled: reading.handed.map((event) => ("id" in event ? event.id : { lost: event.address })),
    requests: reading.requests,
    cursors: reading.cursors.toRecord(),
    behind: reading.readers.isBehind,
  };
}

function observe(reading: LogReading, what: string, value: unknown): void {
  switch (what) {
    case "token":
      reading.readers.adopt(cursorsIn(value));
      break;
    case "connect":
      reading.connect();
      break;
    case "receive":
      reading.readers.receive(value);
      break;
    case "heads":
      reading.readers.tellHeads(value as object);
      break;
    case "call":
      expect(reading.readers.isBehind).toBe(true);
      reading.requests.push(reading.readers.beginCall());
      break;
    case "answer":
      reading.readers.take(value as ResumeAnswer);
      break;
    case "wanted":
      Object.entries(value as Record<string, boolean>).forEach(([address, isWanted]) =>
        reading.cursors.wanted[isWanted ? "add" : "delete"](address),
      );
      break;
    case "joined":
      reading.readers.tellHeads(value as object);
      break;
    case "left":
      reading.readers.leave(value as string);
      break;
    default:
      expect.fail(`No client knows what to do with '${what}'.`);
  }
}

function cursorsOf(kept: Readonly<Record<string, string>>): Cursors {
  const storage = new MemoryStorage();
  Object.entries(kept).forEach(([address, cursor]) => storage.setItem(`realtimehub http://hub ${address}`, cursor));
  return new Cursors(new StoredCursors(storage, "http://hub", (error) => expect.fail(String(error))));
}
