import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Connector } from "../../src/connecting/Connector.js";
import { ReconnectPolicy } from "../../src/connecting/ReconnectPolicy.js";
import { ReconnectSecret } from "../../src/connecting/ReconnectSecret.js";
import { Deferred } from "../../src/Deferred.js";
import { ConnectionError, StoppedError, type Loss, type PushMessage } from "../../src/index.js";
import type { StandingConnection } from "../../src/connecting/StandingConnection.js";
import { Cursors } from "../../src/resuming/Cursors.js";
import type { ResumeAnswer } from "../../src/resuming/ResumeAnswer.js";
import { ResumingConnector } from "../../src/resuming/ResumingConnector.js";
import { StoredCursors } from "../../src/resuming/StoredCursors.js";
import { FakeClock } from "../fixtures/FakeClock.js";
import { FakeHub } from "../fixtures/FakeHub.js";
import type { FakeLog } from "../fixtures/FakeLog.js";
import { FakeLogs } from "../fixtures/FakeLogs.js";
import { groupsAt } from "../fixtures/groupsAt.js";
import { numberedTokens } from "../fixtures/numberedTokens.js";
import { handing } from "../fixtures/handing.js";
import { receiptsBy } from "../fixtures/receiptsBy.js";

const alice = "user:alice";

describe("The resuming connector", () => {
  let hub: FakeHub;
  let clock: FakeClock;
  let stop: AbortController;
  let logs: FakeLogs;
  let log: FakeLog;
  let received: PushMessage[];
  let losses: Loss[];
  let connector: ResumingConnector;

  beforeEach(async () => {
    hub = await FakeHub.start();
    clock = new FakeClock();
    stop = new AbortController();
    logs = new FakeLogs(alice, "everyone");
    log = logs.at(alice);
    hub.answerResume = logs.resume;
    [received, losses] = [[], []];
    const cursors = new Cursors(new StoredCursors(undefined, hub.url, () => {}));
    connector = new ResumingConnector(
      new Connector(hub.url, numberedTokens(), clock, new ReconnectPolicy(), (error) => expect.fail(String(error))),
      cursors,
      groupsAt(cursors),
      receiptsBy(),
      "head",
      {
        received: handing((message) => received.push(message)),
        lost: (loss) => losses.push(loss),
        unreadable: () => {},
      },
    );
  });

  afterEach(() => hub.stop());

  function connect(): Promise<StandingConnection> {
    return connector.connect(0, new ReconnectSecret(clock), stop.signal);
  }

  function failure(): Promise<unknown> {
    return connect().then(
      () => expect.fail("connected"),
      (error: unknown) => error,
    );
  }

  /** Holds the hub's next answers back until the promise is resolved. */
  function holdAnswers(): Deferred {
    const held = new Deferred();
    hub.answerResume = (request) => {
      const answer = logs.resume(request);
      return held.promise.then(() => answer);
    };
    return held;
  }

  function neverAnswer(): void {
    hub.answerResume = () => new Promise<ResumeAnswer>(() => {});
  }

  async function resumes(count: number): Promise<void> {
    await expect.poll(() => hub.resumes).toHaveLength(count);
  }

  describe("before a connection counts as open", () => {
    test("asks once, and has everything handled that the client had missed", async () => {
      await connect();
      hub.drop();
      const missed = log.publishMany(3);

      await connect();

      expect(received).toEqual(missed);
      expect(hub.resumes).toEqual([
        { cursors: {}, from: "head" },
        { cursors: { [alice]: "0-0", everyone: "0-0" }, from: "head" },
      ]);
    });

    test("asks page after page", async () => {
      await connect();
      hub.drop();
      logs.pageSize = 2;
      const missed = log.publishMany(5);

      await connect();

      expect(received).toEqual(missed);
    });

    test("holds what comes live meanwhile, and has it handled in its order", async () => {
      await connect();
      hub.drop();
      const missed = log.publishMany(2);
      const held = holdAnswers();
      const connecting = connect();
      await resumes(2);

      hub.push(log.publish());
      hub.push(log.publish());
      held.resolve();
      await connecting;

      await expect.poll(() => received).toEqual([...missed, ...log.retained.slice(2)]);
    });

    test("does so over a stream of events as well", async () => {
      hub.acceptsWebSockets = false;
      hub.refusal = undefined;
      await connect();
      log.publish();

      hub.push(log.publish());

      await expect.poll(() => received).toEqual(log.retained);
    });

    test("gives up on a hub that does not answer in time", async () => {
      neverAnswer();
      const failed = failure();
      await resumes(1);

      clock.advance(15_000);

      expect(await failed).toMatchObject({ name: "ConnectionError", message: "There was no answer within 15 seconds." });
      await expect.poll(() => hub.connections).toBe(0);
    });

    test("lets go at once when it is stopped", async () => {
      neverAnswer();
      const failed = failure();
      await resumes(1);

      stop.abort();

      expect(await failed).toBeInstanceOf(StoppedError);
      await expect.poll(() => hub.connections).toBe(0);
    });

    test("fails when the connection drops meanwhile", async () => {
      neverAnswer();
      const failed = failure();
      await resumes(1);

      hub.drop();

      expect(await failed).toBeInstanceOf(Error);
    });

    test("fails in the hub's own words when it refuses, and closes the connection", async () => {
      hub.answerResume = () => {
        throw new Error("HubException: store_unavailable: Redis does not answer.");
      };

      expect(await failure()).toMatchObject({ message: "HubException: store_unavailable: Redis does not answer." });
      await expect.poll(() => hub.connections).toBe(0);
    });

    test.each(["Unknown hub method 'Resume'", "HubException: Method does not exist."])(
      "says that '%s' is said by no push hub",
      async (words) => {
        hub.answerResume = () => {
          throw new Error(words);
        };

        const failed = await failure();

        expect(failed).toBeInstanceOf(ConnectionError);
        expect(failed).toMatchObject({ message: "This is no push hub: it has no method 'Resume' that answers as one." });
      },
    );

    test.each([null, "resumed", {}, { addresses: null, refused: [], more: false }])(
      "says that %j is answered by no push hub",
      async (answer) => {
        hub.answerResume = () => answer as ResumeAnswer;

        expect(String(await failure())).toContain("This is no push hub");
      },
    );
  });

  describe("when the heads come with the answer to the handshake", () => {
    beforeEach(() => tellHeads());

    /** They stay as they are until this is called again. */
    function tellHeads(): void {
      hub.handshakeAnswer = `{}\u001e${JSON.stringify({ type: 1, target: "Heads", arguments: [logs.heads] })}`;
    }

    test("asks for them on a WebSocket, and not where it negotiates", async () => {
      await connect();
      hub.drop();
      [hub.acceptsWebSockets, hub.refusal] = [false, undefined];
      await connector.connect(2, new ReconnectSecret(clock), stop.signal);

      const asking = hub.requests.map(({ kind, url }) => [kind, new URL(url, hub.url).searchParams.get("heads")]);
      expect(asking.filter(([kind]) => kind !== "websocket").map(([, heads]) => heads)).not.toContain("true");
      expect(asking[0]).toEqual(["websocket", "true"]);
    });

    test("begins there, and asks for nothing", async () => {
      await connect();

      hub.push(log.publish());

      await expect.poll(() => received).toEqual(log.retained);
      expect(hub.resumes).toEqual([]);
    });

    test("asks for nothing either when it comes back and has missed nothing", async () => {
      await connect();
      hub.push(log.publish());
      await expect.poll(() => received).toEqual(log.retained);
      hub.drop();
      tellHeads();

      await connect();

      expect(hub.resumes).toEqual([]);
    });

    test("counts as open when it has been given, page after page, what it has missed", async () => {
      await connect();
      hub.drop();
      logs.pageSize = 2;
      const missed = log.publishMany(5);
      tellHeads();

      await connect();

      expect(received).toEqual(missed);
      expect(hub.resumes.map(({ cursors, from }) => [cursors, from])).toEqual(
        ["0-0", missed[1]?.id, missed[3]?.id].map((cursor) => [{ [alice]: cursor }, undefined]),
      );
    });

    test("asks as without heads when only later the hub tells some", async () => {
      hub.handshakeAnswer = "{}";
      const held = holdAnswers();
      const connecting = connect();
      await resumes(1);

      hub.tellHeads({ [alice]: log.publish().id });
      held.resolve();
      await connecting;

      await expect.poll(() => received).toEqual(log.retained);
      expect(hub.resumes).toEqual([{ cursors: {}, from: "head" }, { cursors: { [alice]: "0-0" } }]);
    });

    test("keeps to its mode although a later call is never answered, since the heads came", async () => {
      const connection = await connect();
      neverAnswer();
      hub.tellHeads({ [alice]: log.publish().id });
      await resumes(1);
      clock.advance(15_000);
      await connection.closed;

      await connector.connect(2, new ReconnectSecret(clock), stop.signal).catch(() => {});

      expect(hub.requests.map(({ kind }) => kind)).toEqual(["websocket", "websocket"]);
    });
  });

  describe("while a connection is open", () => {
    test("asks about a gap, with one call at a time", async () => {
      await connect();
      const held = holdAnswers();
      log.publish();

      hub.push(log.publish());
      await resumes(2);
      hub.push(log.publish());
      hub.push(logs.at("everyone").publish());
      await expect.poll(() => received).toEqual(logs.at("everyone").retained);
      expect(hub.resumes).toHaveLength(2);
      held.resolve();

      await expect.poll(() => received.slice(1)).toEqual(log.retained);
      expect(hub.resumes).toHaveLength(2);
    });

    test("asks about heads that differ", async () => {
      await connect();
      log.publish();

      hub.tellHeads(logs.heads);

      await expect.poll(() => received).toEqual(log.retained);
      expect(hub.resumes.at(-1)).toEqual({ cursors: { [alice]: "0-0" } });
    });

    test("passes on what is lost", async () => {
      await connect();
      log.publishMany(3);
      log.trimTo(1);

      hub.tellHeads(logs.heads);

      await expect.poll(() => received).toEqual(log.retained);
      expect(losses).toEqual([{ address: alice }]);
    });

    test("asks once more about what fell behind during the first call", async () => {
      const held = holdAnswers();
      const connecting = connect();
      await resumes(1);
      log.publish();
      hub.push(log.publish());
      held.resolve();

      await connecting;

      await expect.poll(() => received).toEqual(log.retained);
      expect(hub.resumes.at(-1)).toEqual({ cursors: { [alice]: "0-0" } });
    });

    test("closes it when the hub refuses to resume, and says why", async () => {
      const connection = await connect();
      hub.answerResume = () => {
        throw new Error("HubException: store_unavailable: Redis does not answer.");
      };
      log.publish();

      hub.push(log.publish());
      hub.push(log.publish());

      expect(await connection.closed).toMatchObject({
        name: "ConnectionError",
        message: "HubException: store_unavailable: Redis does not answer.",
      });
      await expect.poll(() => hub.connections).toBe(0);
      expect(received).toEqual([]);
      expect(hub.resumes).toHaveLength(2);
    });

    test("closes it when the hub does not answer in time", async () => {
      const connection = await connect();
      neverAnswer();
      log.publish();
      hub.push(log.publish());
      await resumes(2);

      clock.advance(15_000);

      expect(await connection.closed).toMatchObject({ message: "There was no answer within 15 seconds." });
    });

    test("gets on the next one what it could not get on this one", async () => {
      const connection = await connect();
      neverAnswer();
      log.publish();
      hub.push(log.publish());
      await resumes(2);

      hub.drop();
      await connection.closed;
      hub.answerResume = logs.resume;
      await connect();

      expect(received).toEqual(log.retained);
    });
  });
});
