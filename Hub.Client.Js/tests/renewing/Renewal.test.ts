import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Connector } from "../../src/connecting/Connector.js";
import type { OpenConnection } from "../../src/connecting/OpenConnection.js";
import { ReconnectPolicy } from "../../src/connecting/ReconnectPolicy.js";
import { ReconnectSecret } from "../../src/connecting/ReconnectSecret.js";
import { SignInRequiredError, type PushError } from "../../src/index.js";
import { Deferred } from "../../src/Deferred.js";
import type { TokenSource } from "../../src/TokenSource.js";
import { FakeClock } from "../fixtures/FakeClock.js";
import { FakeHub } from "../fixtures/FakeHub.js";
import { numberedTokens } from "../fixtures/numberedTokens.js";

describe("A connection whose token ends", () => {
  const token = vi.fn<TokenSource>();
  const offered = vi.fn();
  const received = vi.fn();
  let hub: FakeHub;
  let clock: FakeClock;
  let stop: AbortController;
  let errors: PushError[];
  let connection: OpenConnection;

  beforeEach(async () => {
    token.mockReset().mockImplementation(numberedTokens());
    [offered, received].forEach((mock) => mock.mockReset());
    hub = await FakeHub.start();
    clock = new FakeClock();
    stop = new AbortController();
    errors = [];
    const policy = new ReconnectPolicy({}, () => 1);
    const connector = new Connector(hub.url, token, clock, policy, (error) => errors.push(error));
    connection = await connector.connect(
      0,
      new ReconnectSecret(clock),
      { offered, received, headsTold: () => {}, renewed: () => {}, unreadable: () => {} },
      stop.signal,
    );
  });

  afterEach(async () => {
    await connection.close();
    await hub.stop();
  });

  /** Returns when the client has taken in all that the hub has called before. */
  async function taken(): Promise<void> {
    const arrived = new Promise((resolve) => received.mockImplementationOnce(resolve));
    hub.push("taken");
    await arrived;
  }

  async function lives(tokenLifetimeSeconds?: number): Promise<void> {
    hub.tellConnected({ tokenLifetimeSeconds, later: "unknown" });
    await taken();
  }

  /** Lets so much time pass, in steps in which every timer has its turn. */
  async function pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 500) {
      clock.advance(Math.min(left, 500));
      await taken();
    }
  }

  function renewed(...tokens: string[]): Promise<void> {
    return expect.poll(() => hub.renewals).toEqual(tokens);
  }

  test("is asked about when it opens, on whatever transport", () => {
    expect(new URL(hub.requests[0]?.url ?? "", hub.url).searchParams.get("connected")).toBe("true");
  });

  test("is renewed by a fresh token when 70 to 90 % of the time are over, and again", async () => {
    hub.answerRenew = () => ({ tokenLifetimeSeconds: 20, later: "unknown" });
    await lives(10);

    await pass(6_999);
    expect(hub.renewals).toEqual([]);
    await pass(2_001);
    await renewed("t2");

    await pass(13_500);
    expect(hub.renewals).toEqual(["t2"]);
    await pass(4_500);
    await renewed("t2", "t3");
    expect(errors).toEqual([]);
  });

  test.each([undefined, -1, "10", null])("is not renewed where the hub says %j of its time", async (seconds) => {
    await lives(seconds as number);

    await pass(10_000);

    expect(token).toHaveBeenCalledTimes(1);
  });

  test("is not renewed any more once a token lets it stay for ever", async () => {
    await lives(1);
    await pass(1_000);
    await renewed("t2");

    await pass(10_000);

    expect(token).toHaveBeenCalledTimes(2);
  });

  test("adopts the cursors that come with the new token", async () => {
    token.mockResolvedValueOnce({ token: "t2", cursors: { "user:alice": "1-1", wrong: "2-2" } });
    await lives(1);

    await pass(1_000);

    await renewed("t2");
    expect(offered).toHaveBeenLastCalledWith({ "user:alice": "1-1" });
  });

  test("is renewed at once when the hub asks for it, also where its token has no end", async () => {
    hub.askToRenew();
    await renewed("t2");
    hub.askToRenew();

    await renewed("t2", "t3");
  });

  test("is renewed once more when the hub asks while that is under way", async () => {
    const hold = new Deferred();
    hub.answerRenew = () => hold.promise.then(() => ({}));
    hub.askToRenew();
    await renewed("t2");

    hub.askToRenew();
    hub.askToRenew();
    await taken();
    expect(hub.renewals).toEqual(["t2"]);
    hold.resolve();

    await renewed("t2", "t3");
    await taken();
    expect(token).toHaveBeenCalledTimes(3);
  });

  test("is renewed by another token after a failure, each time after a longer wait", async () => {
    hub.answerRenew = () => {
      throw new Error("An unexpected error occurred invoking 'Renew' on the server. HubException: token_unknown: No such token.");
    };
    await lives(1);
    await pass(1_000);
    await renewed("t2");

    await pass(500);
    expect(hub.renewals).toEqual(["t2"]);
    await pass(500);
    await renewed("t2", "t3");
    token.mockRejectedValueOnce(new TypeError("fetch failed"));
    await pass(2_000);
    await expect.poll(() => token).toHaveBeenCalledTimes(4);

    await pass(4_000);

    await renewed("t2", "t3", "t4");
    expect(errors).toEqual([]);
  });

  test("waits for no answer longer than 15 seconds", async () => {
    hub.swallows.add("renew");
    hub.askToRenew();
    await renewed("t2");
    hub.swallows.clear();

    await pass(15_000);
    await pass(1_000);

    await renewed("t2", "t3");
  });

  test("waits no longer where the hub asks", async () => {
    hub.answerRenew = () => {
      throw new Error("Failed to invoke 'Renew' due to an error on the server.");
    };
    hub.askToRenew();
    await renewed("t2");

    hub.askToRenew();

    await renewed("t2", "t3");
  });

  test("tells of the token of another user, and tries no other until the hub asks", async () => {
    hub.answerRenew = (shown) => {
      if (shown === "t2") {
        throw new Error("An unexpected error occurred. HubException: user_foreign: The token is another user's: bob's.");
      }

      return {};
    };
    await lives(1);
    await pass(1_000);
    await expect.poll(() => errors).toHaveLength(1);

    expect(errors[0]).toMatchObject({ name: "RenewalError", code: "user_foreign" });
    expect(errors[0]?.message).toBe("The hub has not renewed the connection: user_foreign: The token is another user's: bob's.");
    await pass(60_000);
    expect(token).toHaveBeenCalledTimes(2);
    hub.askToRenew();
    await renewed("t2", "t3");
    expect(hub.connections).toBe(1);
  });

  test("tells that the user must sign in again, and stays open", async () => {
    const signIn = new SignInRequiredError();
    token.mockRejectedValueOnce(signIn);
    await lives(1);

    await pass(60_000);

    expect(errors).toEqual([signIn]);
    expect(token).toHaveBeenCalledTimes(2);
    expect(hub.connections).toBe(1);
  });

  test.each([
    ["closed", () => void connection.close()],
    ["dropped", () => hub.drop()],
    ["given up", () => connection.abandon()],
  ])("asks for no token once it is %s, and lets go of the one that it waits for", async (_, end) => {
    let given: AbortSignal | undefined;
    token.mockImplementationOnce((signal) => new Promise(() => (given = signal)));
    hub.askToRenew();
    await expect.poll(() => given?.aborted).toBe(false);

    end();
    await connection.closed;

    await expect.poll(() => given?.aborted).toBe(true);
    clock.advance(60_000);
    await new Promise(setImmediate);
    expect(token).toHaveBeenCalledTimes(2);
    expect(clock.waiting).toBe(0);
    expect(errors).toEqual([]);
  });
});
