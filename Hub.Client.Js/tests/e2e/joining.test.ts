import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { PushClient, type PushClientOptions } from "../../src/index.js";
import { nextState } from "../fixtures/nextState.js";
import type { HubNode } from "./fixtures/HubNode.js";
import { ProxyWithoutWebSockets } from "./fixtures/ProxyWithoutWebSockets.js";
import { Switch } from "./fixtures/Switch.js";
import { TwoNodes } from "./fixtures/TwoNodes.js";

describe("The push client in groups of its own", () => {
  const token = vi.fn<() => Promise<string>>();
  const onError = vi.fn();
  let nodes: TwoNodes;
  let balancer: Switch;
  let user: string;
  let room: string;
  let client: PushClient;
  let received: unknown[];
  let published: number;
  let count = 0;

  beforeAll(async () => {
    nodes = await TwoNodes.start();
    balancer = await Switch.start(nodes.near.url);
  });

  afterAll(async () => {
    await balancer.stop();
    await nodes.stop();
  });

  beforeEach(() => {
    [user, room, received, published] = [`user-${++count}`, `room-${count}`, [], 0];
    balancer.choose(nodes.near.url);
    token.mockReset().mockImplementation(() => nodes.far.mintRecord({ sub: user, mayJoin: ["room-*"] }));
    onError.mockReset();
    client = newClient();
  });

  afterEach(() => client.stop());

  function newClient(options: Partial<PushClientOptions> = {}): PushClient {
    const made = new PushClient({ url: balancer.hubUrl, token, retry: { firstMs: 20, maxMs: 100 }, logger: { warn() {} }, ...options });
    made.on("*", ({ payload }) => received.push(payload));
    made.onLost((loss) => received.push(loss));
    made.onError(onError);
    return made;
  }

  function publish(): Promise<void> {
    return nodes.far.pushToEach([`group:${room}`], "note", ++published);
  }

  /** Returns when the last has come: then all have, once, in order. */
  async function allHaveCome(): Promise<void> {
    await expect.poll(() => received, { timeout: 20_000 }).toContain(published);
    expect(received).toEqual(Array.from({ length: published }, (_, index) => index + 1));
  }

  async function nodeOf(node: HubNode): Promise<string> {
    return (await node.nodesOf(user))[0] ?? "";
  }

  test("gets what is published between join() and leave(), and nothing else", async () => {
    await client.start();
    await nodes.far.pushToEach([`group:${room}`], "note", "before");
    await client.join(room);
    await publish();
    await allHaveCome();

    await client.leave(room);
    await nodes.far.pushToEach([`group:${room}`], "note", "after");
    await nodes.far.push(user, "note", "last");

    await expect.poll(() => received).toEqual([1, "last"]);
  });

  test("gets it over server-sent events as well, also after these have ended", async () => {
    const proxy = await ProxyWithoutWebSockets.start(nodes.near.url);
    try {
      client = newClient({ url: proxy.hubUrl });
      await client.start();
      await client.join(room);
      await publish();
      await allHaveCome();
      const isBack = nextState(client, "connected");

      await nodes.far.end(user, "Come again.", true);
      await publish();
      await isBack;

      await publish();
      await allHaveCome();
    } finally {
      await client.stop();
      await proxy.stop();
    }
  });

  test("loses nothing of its groups and gets nothing twice when its node dies", async () => {
    await client.start();
    await client.join(room);
    await publish();
    const isBack = nextState(client, "connected");

    await nodes.near.kill();
    await publish();
    balancer.choose(nodes.far.url);
    await publish();
    await isBack;
    expect(received).toEqual([1, 2, 3]);

    await publish();
    await allHaveCome();
    expect(token).toHaveBeenCalledTimes(1);
    await nodes.restartNear();
  });

  test("is in its groups on another node before it leaves the one that stops: nothing lost, nothing twice, always connected", async () => {
    const states: string[] = [];
    client.onState(({ state }) => states.push(state));
    await client.start();
    await client.join(room);
    const before = await nodeOf(nodes.far);
    balancer.choose(nodes.far.url);

    await nodes.far.drain(before);
    while ((await nodeOf(nodes.far)) === before) {
      await publish();
    }

    await publish();
    await allHaveCome();
    expect(states).toEqual(["connecting", "connected"]);
    await nodes.near.kill();
    await nodes.restartNear();
  });

  test("is told what it may not join, and goes on", async () => {
    await client.start();

    await expect(client.join("secret")).rejects.toMatchObject({ name: "GroupError", code: "group_refused", group: "secret" });
    await expect(client.join("two\nlines")).rejects.toMatchObject({ code: "name_invalid" });

    expect(client.state).toBe("connected");
    await client.join(room);
  });

  test("tells of a group that it may be in no more: at the next connection, and when its token is renewed", async () => {
    const other = `${room}-other`;
    await client.start();
    await Promise.all([client.join(room), client.join(other)]);
    token.mockImplementation(() => nodes.far.mintRecord({ sub: user, mayJoin: [other] }));

    await nodes.far.askToRenew(user);
    await expect.poll(() => onError.mock.calls).toMatchObject([[{ code: "group_refused", group: room }]]);
    token.mockImplementation(() => nodes.far.mintRecord({ sub: user, mayJoin: [] }));
    await nodes.far.end(user, "Your roles have changed.", true);
    await expect.poll(() => onError.mock.calls).toMatchObject([[{ group: room }], [{ code: "group_refused", group: other }]]);

    await expect.poll(() => client.state).toBe("connected");
    await nodes.far.pushToEach([`group:${room}`, `group:${other}`], "note", "not for us");
    await nodes.far.push(user, "note", "last");
    await expect.poll(() => received).toEqual(["last"]);
  });

  test("is in the group that was said last, however fast it changes its mind while it reconnects", async () => {
    await client.start();
    await client.join(room);
    const [left, joined] = [room, `${room}-other`];

    const isBack = nextState(client, "connected");
    await nodes.far.end(user, "Come again.", true);
    for (let round = 0; round < 20; round++) {
      const undecided = [client.leave(joined), client.join(left), client.leave(left), client.join(joined)];
      await Promise.allSettled(round % 2 === 0 ? [] : undecided.slice(-1));
    }

    await isBack;
    await client.join(joined);
    await nodes.far.pushToEach([`group:${left}`, `group:${joined}`], "note", "for who is there");
    await nodes.far.push(user, "note", "last");
    await expect.poll(() => received).toContain("last");
    expect(received).toEqual(["for who is there", "last"]);
  });

  test("joins two hundred groups without being sent away for it, and again on the next connection", async () => {
    const warned = vi.fn();
    process.on("warning", warned);
    const rooms = Array.from({ length: 200 }, (_, index) => `${room}-${index}`);
    await client.start();
    await Promise.all(rooms.map((each) => client.join(each)));
    const isBack = nextState(client, "connected");
    await nodes.far.end(user, "Come again.", true);
    await isBack;

    await nodes.far.pushToEach(
      rooms.map((each) => `group:${each}`),
      "note",
      "all",
    );
    await expect.poll(() => received).toHaveLength(200);
    process.off("warning", warned);
    expect(warned).not.toHaveBeenCalled();
  }, 30_000);
});
