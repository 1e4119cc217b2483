import { describe, expect, test } from "vitest";
import type { PushMessage } from "../../src/index.js";
import { HubModel } from "../fixtures/HubModel.js";

const seeds = Array.from({ length: 10 }, (_, index) => index * 1_000);
const storiesPerSeed = 100;
const stepsPerStory = 150;

describe("Whatever happens, the log reader", () => {
  /** Does one thing, and returns what it led to that is neither a successor of a cursor nor comes after a loss. */
  function gapsOf(model: HubModel, step: () => void): unknown[] {
    const cursors: Record<string, string | undefined> = model.reading.cursors.toRecord();
    const count = model.reading.handed.length;
    step();

    const gaps: unknown[] = [];
    const move = (address: string, from: string | undefined, to: string | undefined) => {
      gaps.push(...(cursors[address] === undefined || cursors[address] === from ? [] : [{ address, from, to, seed: model.seed }]));
      cursors[address] = to;
    };
    model.reading.handed.slice(count).forEach((event) => {
      if ("id" in event) {
        move(event.address, event.after, event.id);
      } else {
        cursors[event.address] = undefined;
      }
    });
    Object.entries(model.reading.cursors.toRecord()).forEach(([address, cursor]) => move(address, cursor, cursor));
    return gaps;
  }

  function numbersAt(model: HubModel, address: string): unknown[] {
    const messages = model.reading.handed.filter((event): event is PushMessage => "id" in event && event.address === address);
    return messages.map(({ payload }) => payload);
  }

  test.each(seeds)("hides no gap, hands over nothing twice and nothing in another order, and ends at the head (seeds from %d)", (first) => {
    for (let seed = first; seed < first + storiesPerSeed; seed++) {
      const model = new HubModel(seed);
      const gaps = Array.from({ length: stepsPerStory }, () => gapsOf(model, () => model.step()));
      model.tellHeads();
      const calls = model.quiesce();

      expect(gaps.flat()).toEqual([]);
      expect(calls).toBeLessThan(stepsPerStory);
      expect(model.reading.readers.isBehind).toBe(false);
      for (const [address, head] of Object.entries(model.logs.heads)) {
        const numbers = numbersAt(model, address) as number[];
        expect(numbers).toEqual([...new Set(numbers)].sort((one, other) => one - other));
        expect(model.reading.cursors.at(address)).toBe(head);
      }
    }
  });
});
