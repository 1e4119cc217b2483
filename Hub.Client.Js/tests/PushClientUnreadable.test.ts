import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { PushClient, UnreadableError, type PushClientOptions, type PushMessage } from "../src/index.js";
import type { ResumeAnswer } from "../src/resuming/ResumeAnswer.js";
import { FakeHub } from "./fixtures/FakeHub.js";
import type { FakeLog } from "./fixtures/FakeLog.js";
import { FakeLogs } from "./fixtures/FakeLogs.js";
import { numberedTokens } from "./fixtures/numberedTokens.js";

const alice = "user:alice";
const lost = { address: alice };

/** What a newer hub may make of a message, or something between of any. */
const disguises: readonly (readonly [string, (message: PushMessage) => unknown])[] = [
  ["a type that is no text", (message) => ({ ...message, type: 7 })],
  ["no type", ({ type: _, ...message }) => message],
  ["no payload", ({ payload: _, ...message }) => message],
  ["a time that is no text", (message) => ({ ...message, time: 1_790_000_000 })],
];

/** What cannot even be placed in a log. */
const masks: readonly (readonly [string, (message: PushMessage) => unknown])[] = [
  ["an id that is no text", (message) => ({ ...message, id: 7 })],
  ["no id", ({ id: _, ...message }) => message],
  ["a message before it that is none", (message) => ({ ...message, after: 7 })],
];

describe("A client that cannot read a message", () => {
  let hub: FakeHub;
  let logs: FakeLogs;
  let log: FakeLog;
  let client: PushClient;
  let events: unknown[];
  let errors: unknown[];

  beforeEach(async () => {
    hub = await FakeHub.start();
    logs = new FakeLogs(alice, "everyone");
    log = logs.at(alice);
    hub.answerResume = logs.resume;
    client = newClient();
    await client.start();
    hub.resumes.length = 0;
  });

  afterEach(async () => {
    await client.stop();
    await hub.stop();
  });

  function newClient(options: Partial<PushClientOptions> = {}): PushClient {
    [events, errors] = [[], []];
    const made = new PushClient({ url: hub.url, token: numberedTokens(), retry: { firstMs: 1, maxMs: 10 }, ...options });
    made.on("*", ({ payload }) => events.push(payload));
    made.onLost((loss) => events.push(loss));
    made.onError((error) => errors.push(error));
    return made;
  }

  function pushLive(payload: unknown): void {
    hub.push(log.publish(payload));
  }

  /** Has the hub answer `Resume` with every message of the log disguised. */
  function disguise(as: (message: PushMessage) => unknown, only: unknown): void {
    hub.answerResume = (request) => {
      const answer = logs.resume(request);
      const addresses = Object.entries(answer.addresses).map(([address, resumed]) => [
        address,
        { ...resumed, messages: resumed.messages.map((message) => (message.payload === only ? as(message) : message)) },
      ]);
      return { ...answer, addresses: Object.fromEntries(addresses) as ResumeAnswer["addresses"] };
    };
  }

  test.each(disguises)("with %s, live, loses it, and goes on without asking anybody", async (_, as) => {
    hub.push(as(log.publish("unreadable")));
    pushLive("next");

    await expect.poll(() => events).toEqual([lost, "next"]);
    expect(hub.resumes).toEqual([]);
    expect(errors).toEqual([]);
  });

  test.each([
    ...disguises,
    ...masks,
    ["nothing", () => null] as const,
    ["another address", (message: PushMessage) => ({ ...message, address: "everyone" })] as const,
  ])("with %s, by Resume, loses it, and handles what is around it", async (_, as) => {
    ["before", "unreadable", "after"].forEach((payload) => log.publish(payload));
    disguise(as, "unreadable");

    hub.drop();

    await expect.poll(() => events).toEqual(["before", lost, "after"]);
    pushLive("next");
    await expect.poll(() => events.at(-1)).toBe("next");
    expect(events).toHaveLength(4);
    expect(client.state).toBe("connected");
  });

  test.each(masks)("with %s, live, has it from the log, and then knows whether it is lost", async (_, as) => {
    hub.push(as(log.publish("unreadable")));
    pushLive("next");

    await expect.poll(() => events).toEqual(["unreadable", "next"]);
  });

  test("that is transient loses it, and stays where it is", async () => {
    hub.push({ id: "0-7", address: alice, type: 7, payload: null, time: "2026-11-24T08:00:00Z" });
    pushLive("next");

    await expect.poll(() => events).toEqual([lost, "next"]);
  });

  test.each([
    "{",
    '{"type":1,"target":"Receive","arguments":[null]}',
    '{"type":1,"target":"Receive","arguments":[{"type":"chat"}]}',
    '{"type":1,"target":"Receive","arguments":[{"id":"9-9","after":"8-8","type":"chat"}]}',
    '{"type":1,"target":"Receive"}',
    '{"type":1,"target":"Heads","arguments":[7]}',
    '{"type":1,"target":"Heads","arguments":[null]}',
  ])("that tells no address (%s) tells onError, and goes on", async (record) => {
    hub.sendRaw(record);
    pushLive("next");

    await expect.poll(() => events).toEqual(["next"]);
    expect(errors).toEqual([expect.any(UnreadableError)]);
    expect(errors[0]).toMatchObject({ code: "unreadable" });
  });

  test.each([{ recovered: "yes" }, { recovered: true, messages: [] }, { recovered: true, cursor: 4, messages: [] }])(
    "in an answer about an address that makes no sense (%j), loses all of that, and goes on at its end",
    async (nonsense) => {
      log.publish("unreadable");
      hub.answerResume = (request) => ({
        ...logs.resume(request),
        addresses: { [alice]: nonsense as never, everyone: logs.resume(request).addresses["everyone"] as never },
      });
      hub.drop();
      await expect.poll(() => events).toEqual([lost]);

      hub.answerResume = logs.resume;
      pushLive("next");

      await expect.poll(() => events).toEqual([lost, "next"]);
    },
  );

  test("in an answer that is garbled each time, loses what it asked for, and goes on at the heads", async () => {
    log.publish("unreadable");
    hub.garble = (answer) => (answer.includes("unreadable") ? answer.slice(0, -1) : answer);

    hub.drop();
    await expect.poll(() => hub.resumes).toHaveLength(2);
    await client.start();
    pushLive("next");

    await expect.poll(() => events).toEqual([lost, { address: "everyone" }, "next"]);
    expect(client.state).toBe("connected");
  });

  test("in no answer at all, does not take that for a connection", async () => {
    hub.garble = (answer) => answer.slice(0, -1);
    const failures: unknown[] = [];
    client.onState(({ error }) => error && failures.push(error));

    hub.drop();

    await expect.poll(() => failures).toContainEqual(expect.any(UnreadableError));
    expect(client.state).toBe("reconnecting");
  });
});
