import type { Cursors } from "./Cursors.js";
import type { Envelope } from "./Envelope.js";
import type { Handover } from "./Handover.js";
import { Hold } from "./Hold.js";
import { isEnvelope } from "./isEnvelope.js";
import { isResumedAddress } from "./isResumedAddress.js";
import type { ResumeAnswer } from "./ResumeAnswer.js";
import type { ResumedAddress } from "./ResumedAddress.js";
import type { ResumeFrom } from "./ResumeFrom.js";
import type { ResumeRequest } from "./ResumeRequest.js";

/**
 * Reads the logs of a connection's addresses by the rules of docs/protocol.md: decides what of all that comes in is handled, dropped
 * or held, and what the hub has to be asked. Asks nobody itself. Lives as long as the connection; the cursors live on.
 */
export class LogReader {
  readonly #cursors: Cursors;
  readonly #handover: Handover;

  /** The addresses at which the client is behind, and what came in there meanwhile. */
  readonly #holds = new Map<string, Hold>();

  /** Set until the first `Resume` has been answered to its end: where addresses without a cursor begin. */
  #from: ResumeFrom | undefined;

  constructor(cursors: Cursors, from: ResumeFrom, handover: Handover) {
    this.#cursors = cursors;
    this.#from = from;
    this.#handover = handover;
  }

  /** Whether the client has yet to hear what it missed before this connection. Until then it holds whatever comes in. */
  get isBeginning(): boolean {
    return this.#from !== undefined;
  }

  /** Whether the hub has to be asked. */
  get isBehind(): boolean {
    return this.isBeginning || this.#holds.size > 0;
  }

  /** Takes cursors from elsewhere for addresses at which the client has none of its own, nor had one that it may not pass over in silence. */
  offer(cursors: Readonly<Record<string, string>>): void {
    for (const [address, id] of Object.entries(cursors)) {
      if (this.#cursors.at(address) === undefined && !this.#cursors.isLostAt(address)) {
        this.#handover.cursor(address, id);
      }
    }
  }

  /** @param message Whatever came in as one. */
  receive(message: unknown): void {
    if (isEnvelope(message)) {
      this.#place(message);
    } else {
      this.#placeUnreadable(message, (message ?? {}) as { readonly address?: unknown; readonly after?: unknown });
    }
  }

  /** Passes over what came in and tells nothing of itself. */
  pass(cause: unknown): void {
    this.#handover.unreadable(cause);
  }

  /** What does not tell where in its log it stands is left to the next answer, if there will be one: that tells where to go on behind it. */
  #placeUnreadable(message: unknown, { address, after }: { readonly address?: unknown; readonly after?: unknown }): void {
    if (typeof address !== "string") {
      this.#handover.unreadable();
    } else if (after === undefined) {
      this.#handover.loss(address);
    } else if (this.#isBehindAt(address)) {
      this.#holdAt(address).add(message);
    } else if (this.#cursors.at(address) === undefined) {
      this.#handover.loss(address);
    } else {
      this.#holdAt(address);
    }
  }

  #place(message: Envelope): void {
    if (message.after === undefined) {
      this.#handover.transient(message.address, message);
    } else if (this.#isBehindAt(message.address)) {
      this.#holdAt(message.address).add(message);
    } else {
      this.#examine(message);
    }
  }

  /** Compares where the hub says that a log ends with where the client stands. */
  compare(address: string, head: string): void {
    const cursor = this.#cursors.at(address);
    if (this.#isBehindAt(address)) {
      this.#holdAt(address).tellHead(head);
    } else if (cursor === undefined) {
      this.#handover.cursor(address, head);
    } else if (cursor !== head) {
      this.#holdAt(address);
    }
  }

  /** What to ask the hub now: from the beginning about every address, later about those at which the client is behind. */
  nextRequest(): ResumeRequest {
    this.#holds.forEach((hold) => hold.ask());
    if (this.#from === undefined) {
      return { cursors: this.#cursors.toRecord(this.#holds.keys()) };
    }

    this.#cursors.fit();
    return { cursors: this.#cursors.toRecord(), from: this.#from };
  }

  /**
   * Gives up what the last request asked for, because its answer cannot be read, nor would it be the next time: all of that is lost, and the
   * client begins anew at the heads. Whether there was anything to give up.
   */
  skip(): boolean {
    const asked = Object.keys(this.isBeginning ? this.#cursors.toRecord() : this.#cursors.toRecord(this.#holds.keys()));
    const isFirst = asked.length > 0 || this.#from === "retained";
    asked.forEach((address) => {
      this.#handover.loss(address);
      this.#handover.refusal(address);
    });
    this.#from = "head";
    return isFirst;
  }

  /** Handles what the hub answered to the last request, and after the last page what came in since that was asked for. */
  take({ addresses, refused, more }: ResumeAnswer): void {
    Object.entries(addresses).forEach(([address, resumed]) => this.#advance(address, resumed));
    refused.forEach((address) => this.#leave(address));
    if (!more) {
      const settled = [...this.#holds].filter(([, hold]) => hold.isAsked || this.isBeginning);
      if (this.isBeginning) {
        this.#from = undefined;
        this.#handover.end();
      }

      settled.forEach(([address]) => this.#release(address));
    }
  }

  #advance(address: string, resumed: unknown): void {
    if (isResumedAddress(resumed)) {
      this.#follow(address, resumed);
    } else {
      this.#handover.loss(address);
      this.#handover.refusal(address);
    }
  }

  #follow(address: string, { recovered, cursor, messages }: ResumedAddress): void {
    if (!recovered || this.#cursors.isLostAt(address)) {
      this.#handover.loss(address);
      this.#holds.get(address)?.markStale();
    }

    messages.forEach((message) => this.#handover.message(address, message));
    this.#handover.cursor(address, cursor);
  }

  #leave(address: string): void {
    this.#handover.refusal(address);
    this.#release(address);
  }

  /** Looks once more at what came in while the client was behind, which may find itself behind again. */
  #release(address: string): void {
    const hold = this.#holds.get(address);
    this.#holds.delete(address);
    if (hold?.isStale) {
      this.#holdAt(address);
      return;
    }

    hold?.messages.forEach((message) => this.receive(message));
    if (hold?.head !== undefined) {
      this.compare(address, hold.head);
    }
  }

  #examine(message: Envelope): void {
    const verdict = this.#cursors.judge(message);
    if (verdict === "handle") {
      this.#handover.message(message.address, message);
    } else if (verdict === "hold") {
      this.#holdAt(message.address).add(message);
    }
  }

  #isBehindAt(address: string): boolean {
    return this.isBeginning || this.#holds.has(address);
  }

  #holdAt(address: string): Hold {
    const hold = this.#holds.get(address) ?? new Hold();
    this.#holds.set(address, hold);
    return hold;
  }
}
