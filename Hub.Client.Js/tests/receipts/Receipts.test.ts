import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import type { HandledAddress } from "../../src/receipts/HandledAddress.js";
import { Receipts } from "../../src/receipts/Receipts.js";
import { FakeClock } from "../fixtures/FakeClock.js";

const alice = "user:alice";

describe("Receipts", () => {
  let clock: FakeClock;
  let receipts: Receipts;
  let told: Record<string, HandledAddress>[];
  let over = new AbortController();

  beforeEach(() => {
    clock = new FakeClock();
    receipts = new Receipts(() => "phone", clock);
    told = [];
    connect();
    onTestFinished(() => over.abort());
  });

  function connect(tell: () => Promise<void> = () => Promise.resolve()): void {
    over.abort();
    over = new AbortController();
    void receipts.tellOn(over.signal, (device, addresses) => {
      expect(device).toBe("phone");
      told.push(addresses);
      return tell();
    });
  }

  function add(offset: number, handled: Promise<boolean> = Promise.resolve(true), address = alice, after = offset - 1): Promise<void> {
    return receipts.add({ address, id: `${offset}-7`, after: `${after}-7` }, handled);
  }

  /** Lets what has settled be taken in, and the time go by. */
  async function pass(ms: number): Promise<void> {
    for (let turn = 0; turn < 20; turn++) {
      await Promise.resolve();
    }

    clock.advance(ms);
    for (let turn = 0; turn < 20; turn++) {
      await Promise.resolve();
    }
  }

  test("tell a second later how far the handlers have come, with what has come meanwhile", async () => {
    await add(11);
    await pass(900);
    await add(12);
    expect(told).toEqual([]);

    await pass(100);

    expect(told).toEqual([{ [alice]: { after: "10-7", upTo: "12-7" } }]);
  });

  test("tell once a second at the most, and nothing while there is nothing new", async () => {
    await add(11);
    await pass(1_000);
    await add(12);
    await pass(900);
    expect(told).toHaveLength(1);

    await pass(100);
    await pass(10_000);

    expect(told).toEqual([{ [alice]: { after: "10-7", upTo: "11-7" } }, { [alice]: { after: "10-7", upTo: "12-7" } }]);
  });

  test("tell at once of a message whose publisher waits", async () => {
    await receipts.add({ address: alice, id: "11-7", after: "10-7", receipt: true }, Promise.resolve(true));
    await pass(0);

    expect(told).toHaveLength(1);
  });

  test("tell at once of a message whose publisher waits, also when another one was handled just before", async () => {
    await add(11);
    await pass(300);
    await receipts.add({ address: alice, id: "12-7", after: "11-7", receipt: true }, Promise.resolve(true));
    await pass(0);

    expect(told).toEqual([{ [alice]: { after: "10-7", upTo: "12-7" } }]);
  });

  test("tell of each address by itself, of everyone and of transient messages nothing", async () => {
    await Promise.all([
      add(11),
      add(5, Promise.resolve(true), "group:room"),
      add(7, Promise.resolve(true), "everyone"),
      receipts.add({ address: alice, id: "0-9" }, Promise.resolve(true)),
    ]);
    await pass(1_000);

    expect(told).toEqual([{ [alice]: { after: "10-7", upTo: "11-7" }, "group:room": { after: "4-7", upTo: "5-7" } }]);
  });

  test("do not pass a handler that still runs", async () => {
    let end: (isHandled: boolean) => void = () => {};
    void add(11, new Promise((resolve) => (end = resolve)));
    await add(12);
    await pass(1_000);
    expect(told).toEqual([]);

    end(true);
    await pass(1_000);

    expect(told).toEqual([{ [alice]: { after: "10-7", upTo: "12-7" } }]);
  });

  test("stop before a handler that has failed, and tell which", async () => {
    await add(11);
    await add(12, Promise.resolve(false));
    await add(13);
    await pass(1_000);
    await add(14);
    await pass(1_000);

    expect(told).toEqual([{ [alice]: { after: "10-7", upTo: "11-7", failed: "12-7" } }]);
  });

  test("begin anew behind a gap", async () => {
    await add(11);
    await pass(1_000);
    await add(15);
    await pass(1_000);

    expect(told.at(-1)).toEqual({ [alice]: { after: "14-7", upTo: "15-7" } });
  });

  test("tell once more on the next connection what may have been lost with the last", async () => {
    await add(11);
    await pass(1_000);
    connect(() => Promise.reject(new Error("The connection is over.")));
    await pass(1_000);
    expect(told).toHaveLength(2);

    connect();
    await pass(1_000);
    expect(told.at(-1)).toEqual({ [alice]: { after: "10-7", upTo: "11-7" } });

    await pass(30_000);
    connect();
    await pass(1_000);
    expect(told).toHaveLength(3);
  });
});
