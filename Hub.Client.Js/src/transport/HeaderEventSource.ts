import type { Attempt } from "./Attempt.js";
import { EventStreamParser } from "./EventStreamParser.js";
import { listenUntil } from "../listenUntil.js";
import { splitAccessToken } from "./splitAccessToken.js";

/**
 * Server-sent events over fetch, with the token in a header. The EventSource of a browser can carry it only in the URL,
 * which ends up in the console and in the logs of proxies; it also goes on connecting after its owner has given up.
 * Has just the members that the stock client uses, and ends with its attempt.
 */
export class HeaderEventSource {
  onopen: (() => void) | null = null;
  onmessage: ((event: { readonly data: string }) => void) | null = null;
  onerror: (() => void) | null = null;
  readonly #attempt: Attempt;
  readonly #closing = new AbortController();
  #isClosed = false;

  constructor(
    attempt: Attempt,
    url: string,
    init: { readonly withCredentials?: boolean; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    attempt.signal.throwIfAborted();
    this.#attempt = attempt;
    listenUntil(this.#closing.signal, attempt.signal, "abort", () => this.#closing.abort());
    const { bareUrl, token } = splitAccessToken(url);
    const authorization = token === null ? {} : { authorization: `Bearer ${token}` };
    void this.#receive(bareUrl, {
      headers: { ...init.headers, ...authorization, accept: "text/event-stream" },
      credentials: init.withCredentials ? "include" : "same-origin",
      cache: "no-store",
      signal: this.#closing.signal,
    });
  }

  close(): void {
    this.#isClosed = true;
    this.#closing.abort();
  }

  async #receive(url: string, init: RequestInit): Promise<void> {
    try {
      const response = await fetch(url, init);
      if (response.ok && response.body) {
        await this.#read(response.body.pipeThrough(new TextDecoderStream()).getReader());
      }
    } catch {
      // An EventSource only tells that it is over, not why. The stock client needs no more.
    }

    if (!this.#isClosed) {
      this.#attempt.tell(() => this.onerror?.());
    }

    this.#closing.abort();
  }

  /**
   * The stream counts as open when its first bytes arrive; the hub sends some at once. Headers prove nothing: some proxies pass them on and
   * hold back the rest.
   */
  async #read(reader: ReadableStreamDefaultReader<string>): Promise<void> {
    const parser = new EventStreamParser();
    for (let chunk = await reader.read(), isOpen = false; !chunk.done; chunk = await reader.read()) {
      isOpen ||= this.#open();
      for (const data of parser.feed(chunk.value)) {
        this.#attempt.tell(() => this.#attempt.admits(data) && this.onmessage?.({ data }));
      }
    }
  }

  #open(): true {
    this.#attempt.tell(() => this.onopen?.());
    return true;
  }
}
