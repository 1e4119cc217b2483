import { CallRate } from "./CallRate.js";
import type { GroupCalls } from "./GroupCalls.js";

/** The groups that one connection has joined, by address. */
export class Membership {
  readonly calls: GroupCalls;
  readonly rate = new CallRate();

  /** Whether the hub is being asked. */
  isAsking = false;
  readonly #joined = new Set<string>();

  /** Where only the hub's answer will tell. */
  readonly #asked = new Set<string>();

  /** Where the hub has to be asked once more. */
  readonly #stale = new Set<string>();

  constructor(calls: GroupCalls) {
    this.calls = calls;
  }

  /** Whether it is known to be in a group, or known not to be. */
  is(isIn: boolean, address: string): boolean {
    return this.#joined.has(address) === isIn && !this.#asked.has(address) && !this.#stale.has(address);
  }

  /** The hub is asked. Until it has answered nobody knows, and if it does not answer neither. */
  ask(address: string): void {
    this.#stale.delete(address);
    this.#asked.add(address);
  }

  answered(isIn: boolean, address: string): void {
    this.#asked.delete(address);
    this.#joined[isIn ? "add" : "delete"](address);
  }

  /** The hub may have taken it out of any of them, also of one whose answer is under way. To join once more is no mistake, and tells. */
  expire(): void {
    [...this.#joined, ...this.#asked].forEach((address) => this.#stale.add(address));
  }
}
