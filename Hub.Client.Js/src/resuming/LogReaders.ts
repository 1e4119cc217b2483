import type { Cursors } from "./Cursors.js";
import { cursorsIn } from "./cursorsIn.js";
import type { Envelope } from "./Envelope.js";
import type { MessageDispatcher } from "../handling/MessageDispatcher.js";
import { HeldMessages } from "./HeldMessages.js";
import { isEnvelope } from "./isEnvelope.js";
import { isResumedAddress } from "./isResumedAddress.js";
import type { ResumeAnswer } from "./ResumeAnswer.js";
import type { ResumedAddress } from "./ResumedAddress.js";
import type { ResumeFrom } from "../ResumeFrom.js";
import type { ResumeRequest } from "./ResumeRequest.js";

/**
 * Reads the logs of a connection's addresses by the rules of docs/protocol.md: decides which messages are handled, dropped or held, and
 * what the hub must be asked. Does not ask itself. Lives as long as the connection; the cursors live longer.
 */
export class LogReaders {
  readonly #cursors: Cursors;
  readonly #dispatcher: MessageDispatcher;

  /** The addresses at which the client is behind, and the messages that came in there since. */
  readonly #held = new Map<string, HeldMessages>();

  /** Set until the first heads have come, or the first `Resume` has been answered to its end: where addresses without a cursor begin. */
  #from: ResumeFrom | undefined;

  /** Set while what the first heads show to be missing is asked for. */
  #isCatchingUp = false;
  #hasCalled = false;

  constructor(cursors: Cursors, from: ResumeFrom, dispatcher: MessageDispatcher) {
    this.#cursors = cursors;
    this.#from = from;
    this.#dispatcher = dispatcher;
  }

  /** Whether the client has not yet been given all that it missed before this connection. */
  get isBeginning(): boolean {
    return !this.#knowsHeads || this.#isCatchingUp;
  }

  /** Whether the hub has to be asked. */
  get isBehind(): boolean {
    return this.isBeginning || this.#held.size > 0;
  }

  /** Takes cursors from elsewhere, but only at addresses where the client has no cursor, and has no loss to announce. */
  adopt(cursors: Readonly<Record<string, string>>): void {
    for (const [address, id] of Object.entries(cursors)) {
      if (this.#cursors.at(address) === undefined && !this.#cursors.isLostAt(address)) {
        this.#dispatcher.cursor(address, id);
      }
    }
  }

  /** @param message Whatever came in as one. */
  receive(message: unknown): void {
    if (isEnvelope(message)) {
      this.#place(message);
    } else {
      this.#placeUnreadable(message, message ?? {});
    }
  }

  /** Hands a message over only if it is transient: another reader reads the logs by now. */
  receiveTransient(message: unknown): void {
    if (isEnvelope(message) && message.after === undefined) {
      this.#dispatcher.transient(message);
    }
  }

  /** Skips something that cannot even be recognised as a message. */
  pass(cause: unknown): void {
    this.#dispatcher.unreadable(cause);
  }

  /** A message that does not tell its place in the log waits for the next answer, if there will be one: that tells where to go on. */
  #placeUnreadable(message: unknown, { address, after }: { readonly address?: unknown; readonly after?: unknown }): void {
    if (typeof address !== "string") {
      this.#dispatcher.unreadable();
    } else if (after === undefined) {
      this.#dispatcher.loss(address);
    } else if (this.#isBehindAt(address)) {
      this.#heldAt(address).add(message);
    } else if (this.#cursors.at(address) === undefined) {
      this.#dispatcher.loss(address);
    } else {
      this.#heldAt(address);
    }
  }

  #place(message: Envelope): void {
    if (message.after === undefined) {
      this.#dispatcher.transient(message);
    } else if (this.#isBehindAt(message.address)) {
      this.#heldAt(message.address).add(message);
    } else {
      this.#examine(message);
    }
  }

  /**
   * Takes in where the hub says that logs end. Before the first call these are the logs of all the connection's addresses. Otherwise the
   * client may have missed something there.
   * @param heads Whatever came in as that.
   */
  tellHeads(heads: object): void {
    const readable = cursorsIn(heads);
    if (this.#knowsHeads || this.#hasCalled) {
      Object.entries(readable).forEach(([address, head]) => this.#compare(address, head));
    } else if ("everyone" in readable && Object.keys(readable).length === Object.keys(heads).length) {
      this.#beginAt(readable);
    }
  }

  /** A client that begins with what is retained must ask for that where it has no cursor, and asks as if no heads had come. */
  #beginAt(heads: Readonly<Record<string, string>>): void {
    const addresses = Object.keys(heads);
    if (this.#from === "retained" && addresses.some((address) => this.#cursors.at(address) === undefined)) {
      return;
    }

    this.#from = undefined;
    Object.keys(this.#cursors.toRecord())
      .filter((address) => !(address in heads))
      .forEach((address) => this.#dispatcher.refusal(address));
    Object.entries(heads).forEach(([address, head]) => this.#compare(address, head));
    this.#dispatcher.end();
    this.#isCatchingUp = this.#held.size > 0;
  }

  /** Compares where the hub says that a log ends with where the client stands. */
  #compare(address: string, head: string): void {
    const cursor = this.#cursors.at(address);
    if (this.#isBehindAt(address)) {
      this.#heldAt(address).tellHead(head);
    } else if (cursor === undefined) {
      this.#begin(address, head);
    } else if (cursor !== head) {
      this.#heldAt(address);
    }
  }

  #begin(address: string, head: string): void {
    if (this.#cursors.isLostAt(address)) {
      this.#dispatcher.loss(address);
    }

    this.#dispatcher.cursor(address, head);
  }

  /** The connection is in the group no more: its messages are no longer expected. */
  leave(address: string): void {
    this.#held.delete(address);
    this.#dispatcher.refusal(address);
  }

  /** What to ask the hub now: at the beginning about every address, later about those at which the client is behind. */
  beginCall(): ResumeRequest {
    this.#hasCalled = true;
    this.#held.forEach((held) => held.beginCall());
    if (this.#from === undefined) {
      return { cursors: this.#cursors.toRecord(this.#held.keys()) };
    }

    this.#cursors.fitIntoCall();
    return { cursors: this.#cursors.toRecord(), from: this.#from };
  }

  /**
   * Gives up what the last request asked for: its answer cannot be read, and asking again would bring the same. All of that is lost, and
   * the client begins anew at the heads. Returns whether there was anything to give up.
   */
  skip(): boolean {
    const asked = Object.keys(this.#cursors.toRecord(this.#knowsHeads ? this.#held.keys() : undefined));
    const isFirst = asked.length > 0 || this.#from === "retained";
    asked.forEach((address) => this.#dispatcher.skip(address));
    this.#from = "head";
    return isFirst;
  }

  /** Handles the hub's answer to the last request, and after the last page also the messages that came in since the request. */
  take({ addresses, refused, more }: ResumeAnswer): void {
    Object.entries(addresses).forEach(([address, resumed]) => this.#advance(address, resumed));
    refused.forEach((address) => this.#forget(address));
    if (!more) {
      const answered = [...this.#held].filter(([, held]) => held.isInCall || !this.#knowsHeads);
      if (!this.#knowsHeads) {
        this.#from = undefined;
        this.#dispatcher.end();
      }

      this.#isCatchingUp = false;
      answered.forEach(([address]) => this.#release(address));
    }
  }

  #advance(address: string, resumed: unknown): void {
    if (isResumedAddress(resumed)) {
      this.#follow(address, resumed);
    } else {
      this.#dispatcher.skip(address);
    }
  }

  #follow(address: string, { recovered, cursor, messages }: ResumedAddress): void {
    if (!recovered || this.#cursors.isLostAt(address)) {
      this.#dispatcher.loss(address);
      this.#held.get(address)?.markStale();
    }

    // A log that seemed to have lost its end may have it after all.
    const unknown = messages.filter((message) => !this.#cursors.isKnownAt(address, message));
    unknown.forEach((message) => this.#dispatcher.message(address, message));
    this.#dispatcher.cursor(address, cursor);
  }

  #forget(address: string): void {
    this.#dispatcher.refusal(address);
    this.#release(address);
  }

  /** Looks again at the messages that came in while the client was behind. It may turn out to be behind again. */
  #release(address: string): void {
    const held = this.#held.get(address);
    this.#held.delete(address);
    if (held?.isStale) {
      this.#heldAt(address);
      return;
    }

    held?.messages.forEach((message) => this.receive(message));
    if (held?.head !== undefined) {
      this.#compare(address, held.head);
    }
  }

  #examine(message: Envelope): void {
    const order = this.#cursors.orderOf(message);
    if (order === "next") {
      this.#dispatcher.message(message.address, message);
    } else if (order === "early") {
      this.#heldAt(message.address).add(message);
    }
  }

  #isBehindAt(address: string): boolean {
    return !this.#knowsHeads || this.#held.has(address);
  }

  /** Whether the client knows where the logs of this connection begin for it. Until then it holds whatever comes in. */
  get #knowsHeads(): boolean {
    return this.#from === undefined;
  }

  #heldAt(address: string): HeldMessages {
    const held = this.#held.get(address) ?? new HeldMessages();
    this.#held.set(address, held);
    return held;
  }
}
