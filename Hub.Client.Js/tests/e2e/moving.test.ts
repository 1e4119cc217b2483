import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { PushClient, type StateChange } from "../../src/index.js";
import { Switch } from "./fixtures/Switch.js";
import { TwoNodes } from "./fixtures/TwoNodes.js";

describe("The push client whose node is about to stop", () => {
  const token = vi.fn(() => nodes.far.mint("alice"));
  const ended = vi.fn();
  const states: StateChange["state"][] = [];
  const received: unknown[] = [];
  let nodes: TwoNodes;
  let balancer: Switch;
  let client: PushClient;

  beforeAll(async () => {
    nodes = await TwoNodes.start();
    balancer = await Switch.start(nodes.near.url);
  });
  afterEach(() => client.stop());
  afterAll(async () => {
    await balancer.stop();
    await nodes.stop();
  });

  test("is on another one before its connection ends: always connected, nothing lost, nothing twice, no token asked for", async () => {
    client = new PushClient({ url: balancer.hubUrl, token });
    client.on("*", ({ payload }) => received.push(payload));
    client.onState(({ state }) => states.push(state));
    client.onEnded(ended);
    await client.start();
    const [before] = await nodes.far.nodesOf("alice");
    balancer.choose(nodes.far.url);

    await nodes.far.drain(before ?? "");
    let published = 0;
    while ((await nodes.far.nodesOf("alice")).includes(before ?? "")) {
      await nodes.far.push("alice", "note", ++published);
    }

    await nodes.far.push("alice", "note", ++published);
    await expect.poll(() => received).toContain(published);
    expect(received).toEqual(Array.from({ length: published }, (_, index) => index + 1));
    expect(states).toEqual(["connecting", "connected"]);
    expect(ended).not.toHaveBeenCalled();
    expect(token).toHaveBeenCalledTimes(1);
  });
});
