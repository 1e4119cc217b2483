import { expect } from "vitest";
import type { HandledAddress } from "../../src/receipts/HandledAddress.js";
import { Receipts } from "../../src/receipts/Receipts.js";
import type { Envelope } from "../../src/resuming/Envelope.js";
import { FakeClock } from "../fixtures/FakeClock.js";

/** Has a client handle messages on connections that come and go, and returns what it has told of them. */
export async function runReceipts(input: unknown): Promise<unknown> {
  const client = new TellingClient();
  for (const [what, value] of (input as readonly object[]).flatMap((event) => Object.entries(event))) {
    await client.observe(what, value);
  }

  return client.told;
}

class TellingClient {
  readonly #clock = new FakeClock();
  readonly #receipts = new Receipts(() => "device", this.#clock);
  #over = new AbortController();

  readonly told: Readonly<Record<string, HandledAddress>>[] = [];

  async observe(what: string, value: unknown): Promise<void> {
    switch (what) {
      case "opens":
        this.#open();
        break;
      case "drops":
        this.#over.abort();
        break;
      case "handled":
      case "failed":
        await this.#receipts.add(value as Envelope, Promise.resolve(what === "handled"));
        break;
      case "afterMs":
        this.#clock.advance(value as number);
        break;
      case "told":
        expect(this.told).toHaveLength(value as number);
        break;
      default:
        expect.fail(`No client knows what to do with '${what}'.`);
    }

    // Everything that promises have to do has been done.
    await new Promise(setImmediate);
  }

  #open(): void {
    this.#over.abort();
    this.#over = new AbortController();
    void this.#receipts.tellOn(this.#over.signal, (_, addresses) => {
      this.told.push(addresses);
      return Promise.resolve();
    });
  }
}
