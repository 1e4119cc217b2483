import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Loss, PushClient, PushClientOptions, PushMessage } from "../../src/index.js";
import { FakeHub } from "../fixtures/FakeHub.js";
import type { FakeLog } from "../fixtures/FakeLog.js";
import { FakeLogs } from "../fixtures/FakeLogs.js";
import { MemoryStorage } from "../fixtures/MemoryStorage.js";
import { nextState } from "../fixtures/nextState.js";
import { quietClient } from "../fixtures/quietClient.js";

const room = "group:room-7";

describe.each([
  ["with heads", true],
  ["that negotiates", false],
])("Of its groups a client %s", (_, hasHeads) => {
  let hub: FakeHub;
  let client: PushClient;
  let logs: FakeLogs;
  let log: FakeLog;
  let events: (PushMessage | Loss)[];

  beforeEach(async () => {
    hub = await FakeHub.start();
    logs = new FakeLogs("user:alice", "everyone", room);
    log = logs.at(room);
    logs.leave(room);
    hub.acceptsWebSockets = hasHeads;
    hub.refusal = undefined;
    hub.heads = () => logs.heads;
    hub.answerResume = logs.resume;
    hub.answerGroup = (method) => {
      if (method === "Leave") {
        logs.leave(room);
        return { hasLeft: true };
      }

      logs.join(room);
      return { head: log.head };
    };
    events = [];
    client = newClient();
  });

  afterEach(async () => {
    await client.stop();
    await hub.stop();
  });

  function newClient(options: Partial<PushClientOptions> = {}): PushClient {
    const made = quietClient(hub, options);
    made.on("*", (message) => events.push(message));
    made.onLost((loss) => events.push(loss));
    return made;
  }

  /** The connection is gone, and the next one is in no group yet. Returns when that has brought what was missed. */
  async function reconnect(): Promise<void> {
    const isBack = nextState(client, "connected");
    logs.leave(room);
    hub.drop();
    await isBack;
  }

  test("gets what is published from the moment on in which it has joined", async () => {
    log.publish("before");
    await client.start();
    await client.join("room-7");

    hub.push(log.publish("after"));

    await expect.poll(() => events).toEqual(log.retained.slice(1));
  });

  test("has handled what was published while it was away, when it is connected again", async () => {
    await client.start();
    await client.join("room-7");
    log.publishMany(3);

    await reconnect();

    expect(events).toEqual(log.retained);
  });

  test("is told of a loss there, as at every other address", async () => {
    await client.start();
    await client.join("room-7");
    log.publishMany(3);
    log.trimTo(1);
    await reconnect();

    expect(events).toEqual([{ address: room }, ...log.retained]);
  });

  test("goes on where the page before has ended, if it is to join before it starts", async () => {
    const storage = new MemoryStorage();
    client = newClient({ storage });
    await client.start();
    await client.join("room-7");
    hub.push(log.publish("first"));
    await expect.poll(() => events).toHaveLength(1);
    await client.stop();
    logs.leave(room);
    log.publish("second");

    client = newClient({ storage });
    const joining = client.join("room-7");
    await client.start();
    await joining;

    expect(events).toEqual(log.retained);
  });

  test("announces a loss where a cursor was spoiled", async () => {
    const storage = new MemoryStorage();
    storage.setItem(`realtimehub ${hub.url} ${room}`, "spoiled");
    log.publish("missed");
    client = newClient({ storage });
    const joining = client.join("room-7");
    await client.start();
    await joining;

    expect(events).toEqual([{ address: room }]);
  });

  test("begins anew at the head where it has left, on the same connection or another", async () => {
    await client.start();
    await client.join("room-7");
    await client.leave("room-7");
    log.publish("meanwhile");
    await client.join("room-7");
    await client.leave("room-7");
    await reconnect();
    log.publish("meanwhile");
    await client.join("room-7");

    hub.push(log.publish("after"));
    await expect.poll(() => events).toEqual(log.retained.slice(2));
  });

  test("goes on where it stands when something else has kept it in the group that it has left", async () => {
    await client.start();
    await client.join("room-7");
    hub.answerGroup = () => ({ hasLeft: false });
    await client.leave("room-7");

    log.publish("missed");
    const isBack = nextState(client, "connected");
    hub.drop();
    await isBack;

    expect(events).toEqual(log.retained);
  });

  test("knows nothing of a group that it has not joined", async () => {
    const storage = new MemoryStorage();
    storage.setItem(`realtimehub ${hub.url} ${room}`, "7-7");
    client = newClient({ storage });

    await client.start();

    expect(storage.getItem(`realtimehub ${hub.url} ${room}`)).toBeNull();
  });
});
