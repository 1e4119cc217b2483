import { beforeEach, describe, expect, test } from "vitest";
import type { PushMessage } from "../../src/index.js";
import { FakeLog } from "../fixtures/FakeLog.js";
import { FakeLogs } from "../fixtures/FakeLogs.js";
import { LogReading } from "../fixtures/LogReading.js";

const alice = "user:alice";
const room = "group:room1";

describe("The log reader", () => {
  let logs: FakeLogs;
  let log: FakeLog;
  let reading: LogReading;

  /** A client that stands at the head of both logs. */
  beforeEach(() => {
    logs = new FakeLogs(alice, room);
    log = logs.at(alice);
    log.publishMany(3);
    reading = new LogReading();
    reading.askAll(logs.resume);
    reading.requests.length = 0;
  });

  function receive(...messages: PushMessage[]): void {
    messages.forEach((message) => reading.readers.receive(message));
  }

  function idsOf(messages: readonly PushMessage[]): string[] {
    return messages.map(({ id }) => id);
  }

  describe("with what comes live", () => {
    test("handles each message that follows its cursor", () => {
      const messages = log.publishMany(3);

      receive(...messages);

      expect(reading.handed).toEqual(messages);
      expect(reading.readers.isBehind).toBe(false);
      expect(reading.cursors.at(alice)).toBe(log.head);
    });

    test("drops what it has handled, without asking anybody", () => {
      const messages = log.publishMany(256);

      receive(...messages, ...messages);

      expect(reading.ids).toEqual(idsOf(messages));
      expect(reading.readers.isBehind).toBe(false);
    });

    test("handles a transient message wherever it stands, and stays there", () => {
      const cursor = reading.cursors.at(alice);
      const transient = { id: "0-77", address: alice, type: "typing", payload: null, time: "2026-11-24T08:00:00Z" };

      receive(transient, transient);

      expect(reading.handed).toEqual([transient, transient]);
      expect(reading.cursors.at(alice)).toBe(cursor);
    });

    test("handles the first message of an address that it did not know, and follows it from there", () => {
      const joined = new FakeLog("group:joined");
      const [, second, third] = joined.publishMany(3) as [PushMessage, PushMessage, PushMessage];

      receive(second, third, third);

      expect(reading.handed).toEqual([second, third]);
    });

    test("holds what leaves a gap, asks for that address alone, and hands over all of it in order", () => {
      const [, second, third] = log.publishMany(3) as [PushMessage, PushMessage, PushMessage];
      const cursor = reading.cursors.at(alice);

      receive(second, third);
      expect(reading.handed).toEqual([]);
      reading.askAll(logs.resume);

      expect(reading.requests).toEqual([{ cursors: { [alice]: cursor } }]);
      expect(reading.ids).toEqual(idsOf(log.retained.slice(3)));
    });

    test("goes on with other addresses while it is behind at one", () => {
      const [, gap] = log.publishMany(2) as [PushMessage, PushMessage];
      const other = logs.at(room).publish();

      receive(gap, other);

      expect(reading.handed).toEqual([other]);
    });

    test("asks for whatever fell behind during a call with the next one", () => {
      const [, gap] = log.publishMany(2) as [PushMessage, PushMessage];
      const [, otherGap] = logs.at(room).publishMany(2) as [PushMessage, PushMessage];
      receive(gap);

      reading.ask((request) => {
        receive(otherGap);
        return logs.resume(request);
      });
      expect(reading.readers.isBehind).toBe(true);
      reading.askAll(logs.resume);

      expect(reading.requests.map(({ cursors }) => Object.keys(cursors))).toEqual([[alice], [room]]);
      expect(reading.readers.isBehind).toBe(false);
    });
  });

  describe("while it resumes", () => {
    test("holds what comes live, and handles it after the answer", () => {
      receive(log.publishMany(2)[1] as PushMessage);

      reading.ask((request) => {
        const answer = logs.resume(request);
        receive(...log.publishMany(2));
        expect(reading.handed).toEqual([]);
        return answer;
      });

      expect(reading.ids).toEqual(idsOf(log.retained.slice(3)));
      expect(reading.readers.isBehind).toBe(false);
    });

    test("drops what comes live and in the answer as well", () => {
      receive(log.publishMany(2)[1] as PushMessage);

      reading.ask((request) => {
        receive(log.publish());
        return logs.resume(request);
      });

      expect(reading.ids).toEqual(idsOf(log.retained.slice(3)));
      expect(reading.readers.isBehind).toBe(false);
    });

    test("asks again if there was a gap in what came meanwhile", () => {
      receive(log.publishMany(2)[1] as PushMessage);

      reading.ask((request) => {
        const answer = logs.resume(request);
        receive(log.publishMany(2)[1] as PushMessage);
        return answer;
      });
      reading.askAll(logs.resume);

      expect(reading.requests).toHaveLength(2);
      expect(reading.ids).toEqual(idsOf(log.retained.slice(3)));
    });

    test("asks page after page, from where it stands by then", () => {
      logs.pageSize = 2;
      const messages = log.publishMany(5);
      receive(messages[4] as PushMessage);

      reading.askAll(logs.resume);

      expect(reading.ids).toEqual(idsOf(messages));
      expect(reading.requests.map(({ cursors }) => cursors[alice])).toEqual(["3-3", messages[1]?.id, messages[3]?.id]);
    });

    test("costs one call for a duplicate that it no longer knows, and does not handle it again", () => {
      const messages = log.publishMany(257);
      receive(...messages, messages[0] as PushMessage);

      reading.askAll(logs.resume);

      expect(reading.requests).toHaveLength(1);
      expect(reading.ids).toEqual(idsOf(messages));
    });

    test("costs one call more for such a duplicate that comes while a call is under way", () => {
      const messages = log.publishMany(257);
      receive(...messages, messages[0] as PushMessage);

      reading.ask((request) => {
        receive(messages[0] as PushMessage);
        return logs.resume(request);
      });
      reading.askAll(logs.resume);

      expect(reading.requests).toHaveLength(2);
      expect(reading.ids).toEqual(idsOf(messages));
    });

    test("holds no more than a thousand messages of an address, and asks again for those that had no room", () => {
      receive(log.publishMany(2)[1] as PushMessage);

      reading.ask((request) => {
        const answer = logs.resume(request);
        receive(...log.publishMany(1_001));
        return answer;
      });
      expect(reading.ids).toHaveLength(2);
      reading.askAll(logs.resume);

      expect(reading.requests).toHaveLength(2);
      expect(reading.ids).toEqual(idsOf(log.retained.slice(3)));
    });
  });

  describe("when something is gone for ever", () => {
    test("announces it before it hands over what is left", () => {
      const messages = log.publishMany(4);
      log.trimTo(2);

      receive(messages[3] as PushMessage);
      reading.askAll(logs.resume);

      expect(reading.handed).toEqual([{ address: alice }, messages[2], messages[3]]);
    });

    test("announces it once, however many pages are left", () => {
      logs.pageSize = 1;
      const messages = log.publishMany(4);
      log.trimTo(3);

      receive(messages[3] as PushMessage);
      reading.askAll(logs.resume);

      expect(reading.handed).toEqual([{ address: alice }, ...messages.slice(1)]);
    });

    test("announces it when a log was rewound and grew anew to a lower offset than its own", () => {
      receive(...log.publishMany(3));
      reading.handed.length = 0;
      log.rewind(2);

      receive(log.publish());
      reading.askAll(logs.resume);
      const next = log.publish();
      receive(next);

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

  describe("when the hub tells heads", () => {
    test("asks for the addresses that differ", () => {
      const missed = log.publish();

      Object.entries(logs.heads).forEach(([address, head]) => reading.readers.compare(address, head));
      reading.askAll(logs.resume);

      expect(reading.requests.map(({ cursors }) => Object.keys(cursors))).toEqual([[alice]]);
      expect(reading.handed).toEqual([missed]);
    });

    test("takes one that comes with a loss as answered if nothing else came", () => {
      receive(log.publish());
      log.rewind(1);
      reading.readers.compare(alice, log.head);

      reading.ask((request) => {
        reading.readers.compare(alice, log.head);
        return logs.resume(request);
      });

      expect(reading.readers.isBehind).toBe(false);
    });

    test("asks even for one that it has handled before: a log that ends there was rewound", () => {
      receive(...log.publishMany(2));
      log.rewind(1);

      reading.readers.compare(alice, log.head);
      reading.askAll(logs.resume);

      expect(reading.handed.at(-1)).toEqual({ address: alice });
    });

    test("takes one for its cursor at an address where it had none", () => {
      const joined = new FakeLog("group:joined");
      joined.publishMany(2);

      reading.readers.compare("group:joined", joined.head);

      expect(reading.readers.isBehind).toBe(false);
      expect(reading.cursors.at("group:joined")).toBe(joined.head);
    });

    test("takes one that came before a call as answered by it", () => {
      receive(log.publishMany(2)[1] as PushMessage);
      reading.readers.compare(alice, log.head);
      log.publish();

      reading.askAll(logs.resume);

      expect(reading.requests).toHaveLength(1);
    });

    test("compares one that comes during a call with where it then stands", () => {
      receive(log.publishMany(2)[1] as PushMessage);

      reading.ask((request) => {
        reading.readers.compare(alice, log.head);
        return logs.resume(request);
      });
      expect(reading.readers.isBehind).toBe(false);

      receive(log.publishMany(2)[1] as PushMessage);
      reading.ask((request) => {
        const answer = logs.resume(request);
        log.publish();
        reading.readers.compare(alice, log.head);
        return answer;
      });
      expect(reading.readers.isBehind).toBe(true);
    });
  });

  describe("at the beginning of a connection", () => {
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

      receive(log.publish());
      reading.ask((request) => {
        const answer = logs.resume(request);
        receive(...log.publishMany(2), logs.at(room).publish());
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

  test("forgets the cursor of an address that is refused", () => {
    logs.leave(room);

    reading.connect();
    reading.askAll(logs.resume);

    expect(reading.cursors.toRecord()).toEqual({ [alice]: "3-3" });
  });

  test("begins anew at an address that was refused and is its own again, without handling anything twice", () => {
    const handled = logs.at(room).publish();
    const [, gap] = logs.at(room).publishMany(2) as [PushMessage, PushMessage];
    receive(handled, gap);

    logs.leave(room);
    reading.ask((request) => {
      receive(handled);
      return logs.resume(request);
    });
    logs.join(room);
    const [, next] = logs.at(room).publishMany(2) as [PushMessage, PushMessage];
    receive(next);

    expect(reading.handed).toEqual([handled, next]);
    expect(reading.readers.isBehind).toBe(false);
  });

  test("hands over nothing any more once it is stopped, be it by a handler, and stays where it is", () => {
    const [first] = log.publishMany(3) as [PushMessage];
    reading.connect();
    reading.onMessage = () => reading.stop.abort();

    reading.ask(logs.resume);
    receive(log.publish(), { ...log.publish(), address: "group:other" });

    expect(reading.handed).toEqual([first]);
    expect(reading.cursors.toRecord()).toEqual({ [alice]: first.id, [room]: "0-0" });
  });
});
