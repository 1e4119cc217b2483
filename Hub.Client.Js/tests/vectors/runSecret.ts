import { expect } from "vitest";
import { Connector } from "../../src/connecting/Connector.js";
import type { OpenConnection } from "../../src/connecting/OpenConnection.js";
import { ReconnectPolicy } from "../../src/connecting/ReconnectPolicy.js";
import { ReconnectSecret } from "../../src/connecting/ReconnectSecret.js";
import { FakeClock } from "../fixtures/FakeClock.js";
import { FakeHub } from "../fixtures/FakeHub.js";
import { numberedTokens } from "../fixtures/numberedTokens.js";

interface SecretEvent {
  readonly attempt?: readonly ("opens" | number | null)[];
  readonly connected?: object;
  readonly closed?: string | null;
  readonly afterMs?: number;
}

/** Has a client connect, lose its connections and come back, and returns what it has shown to the hub. */
export async function runSecret(input: unknown): Promise<unknown> {
  const hub = await FakeHub.start();
  const client = new ComingBack(hub);
  try {
    for (const event of input as readonly SecretEvent[]) {
      await client.observe(event);
    }
  } finally {
    await hub.stop();
  }

  return hub.requests.map(({ token = "" }) => (token.startsWith("wsreconnect") ? token : "token"));
}

class ComingBack {
  readonly #hub: FakeHub;
  readonly #clock = new FakeClock();
  readonly #secret = new ReconnectSecret(this.#clock);
  readonly #connector: Connector;
  #connection: OpenConnection | undefined;
  #received: () => void = () => {};

  constructor(hub: FakeHub) {
    this.#hub = hub;
    const fail = (error: unknown) => expect.fail(String(error));
    this.#connector = new Connector(hub.url, numberedTokens(), this.#clock, new ReconnectPolicy(), fail);
  }

  async observe({ attempt, connected, closed, afterMs }: SecretEvent): Promise<void> {
    if (attempt) {
      await this.#try(attempt);
    } else if (connected) {
      await this.#tell(connected);
    } else if (afterMs !== undefined) {
      this.#clock.advance(afterMs);
    } else {
      await this.#close(closed);
    }
  }

  async #try(outcomes: readonly ("opens" | number | null)[]): Promise<void> {
    const left = [...outcomes];
    this.#hub.refuses = () => {
      const outcome = left.shift();
      return outcome === "opens" ? undefined : (outcome ?? 0);
    };
    const listener = { offered: () => {}, received: () => this.#received(), headsTold: () => {}, renewed: () => {}, unreadable: () => {} };
    const connecting = this.#connector.connect(0, this.#secret, listener, new AbortController().signal);
    this.#connection = await connecting.catch(() => undefined);
    expect(left).toEqual([]);
    expect(this.#connection !== undefined).toBe(outcomes.at(-1) === "opens");
  }

  async #tell(details: object): Promise<void> {
    const arrived = new Promise<void>((resolve) => (this.#received = resolve));
    this.#hub.tellConnected(details);
    this.#hub.push("arrived");
    await arrived;
  }

  async #close(code: string | null | undefined): Promise<void> {
    if (code) {
      this.#hub.sayClose({ error: `${code}: So be it.`, allowReconnect: true });
    } else {
      this.#hub.drop();
    }

    await this.#connection?.closed;
  }
}
