import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { PushClient, type StateChange } from "../../src/index.js";
import { HubNode } from "./fixtures/HubNode.js";

describe("The push client under control of a backend", () => {
  const token = vi.fn<() => Promise<string>>();
  let node: HubNode;
  let client: PushClient;
  let user: string;
  let users = 0;
  let states: StateChange["state"][];

  // It stays while the other tests run, and the last one looks what has become of it.
  const longLived = { tokens: 0, states: [] as StateChange["state"][], client: undefined as PushClient | undefined, until: 0 };

  beforeAll(async () => {
    node = await HubNode.start();
    longLived.client = new PushClient({
      url: node.hubUrl,
      token: () => {
        longLived.tokens++;
        return node.mintRecord({ sub: "long-lived", exp: inSeconds(10) });
      },
    });
    longLived.client.onState(({ state }) => longLived.states.push(state));
    await longLived.client.start();
    longLived.until = Date.now() + 60_000;
  });

  afterAll(async () => {
    await longLived.client?.stop();
    await node.kill();
  });

  beforeEach(() => {
    user = `user-${++users}`;
    states = [];
    token.mockReset().mockImplementation(() => node.mint(user));
    client = new PushClient({ url: node.hubUrl, token, retry: { firstMs: 50, maxMs: 200 } });
    client.onState(({ state }) => state !== states.at(-1) && states.push(state));
  });

  afterEach(() => client.stop());

  function inSeconds(seconds: number): number {
    return Math.ceil(Date.now() / 1_000) + seconds;
  }

  test("is told that it was ended and may come back, and comes back", async () => {
    const ended = vi.fn();
    client.onEnded(ended);
    await client.start();

    await node.end(user, "Your roles have changed.", true);

    await expect.poll(() => states).toEqual(["connecting", "connected", "reconnecting", "connected"]);
    expect(ended.mock.calls).toEqual([[{ code: "ended", reason: "Your roles have changed.", mayComeBack: true }]]);
    expect(token).toHaveBeenCalledTimes(2);
  });

  test("stays away when it was ended for good, until it is started again", async () => {
    const ended = vi.fn();
    client.onEnded(ended);
    await client.start();

    await node.end(user, "Signed out: everywhere.", false);

    await expect.poll(() => states).toEqual(["connecting", "connected", "stopped"]);
    expect(ended.mock.calls).toEqual([[{ code: "ended", reason: "Signed out: everywhere.", mayComeBack: false }]]);
    await client.start();
    expect(token).toHaveBeenCalledTimes(2);
  });

  test("renews its connection when its backend asks for that, though its token has no end", async () => {
    await client.start();

    expect(await node.askToRenew(user)).toBe(1);

    await expect.poll(() => token).toHaveBeenCalledTimes(2);
    expect(await node.askToRenew(user)).toBe(1);
    await expect.poll(() => token).toHaveBeenCalledTimes(3);
    expect(states).toEqual(["connecting", "connected"]);
  });

  test("tells of the token of another user, and comes back when its own token has ended", async () => {
    token.mockImplementationOnce(() => node.mintRecord({ sub: user, exp: inSeconds(5) }));
    token.mockImplementationOnce(() => node.mint("mallory"));
    const [errors, ended] = [vi.fn(), vi.fn()];
    client.onError(errors);
    client.onEnded(ended);
    await client.start();

    await expect.poll(() => states, { timeout: 20_000 }).toEqual(["connecting", "connected", "reconnecting", "connected"]);

    expect(errors.mock.calls).toMatchObject([[{ name: "RenewalError", code: "user_foreign" }]]);
    expect(ended.mock.calls).toMatchObject([[{ code: "token_expired", mayComeBack: true }]]);
    expect(token).toHaveBeenCalledTimes(3);
  });

  test("stays for a minute on one connection though its tokens end after ten seconds", { timeout: 120_000 }, async () => {
    await expect.poll(() => Date.now(), { timeout: 90_000 }).toBeGreaterThan(longLived.until);
    const messages: unknown[] = [];
    longLived.client?.on("*", ({ payload }) => messages.push(payload));
    await node.push("long-lived", "note", "still here");

    await expect.poll(() => messages).toEqual(["still here"]);
    expect(longLived.states).toEqual(["connecting", "connected"]);
    expect(longLived.tokens).toBeGreaterThan(6);
  });
});
