import { HttpClient, HttpResponse, type HttpRequest } from "@microsoft/signalr";
import type { Clock } from "../Clock.js";
import { ConnectionError } from "../errors/ConnectionError.js";
import { refusalIn } from "../errors/refusalIn.js";
import { UnreachableError } from "../errors/UnreachableError.js";
import { jsonIn } from "../jsonIn.js";
import { listenUntil } from "../listenUntil.js";
import { shownUrl } from "../shownUrl.js";
import type { Attempt } from "./Attempt.js";
import { CookieJar } from "./CookieJar.js";

/** The hub answers every poll within 50 seconds. After this time no answer will come. */
const longestWaitMs = 60_000;

/**
 * Sends the requests of one attempt. The stock client's own stops watching a request as soon as its headers are there, and then waits for
 * ever for a body that a proxy holds back.
 */
export class AttemptHttpClient extends HttpClient {
  readonly #attempt: Attempt;
  readonly #clock: Clock;
  readonly #cookies = new CookieJar();

  constructor(attempt: Attempt, clock: Clock) {
    super();
    this.#attempt = attempt;
    this.#clock = clock;
  }

  override async send(request: HttpRequest): Promise<HttpResponse> {
    const over = new AbortController();
    const end = () => over.abort();
    this.#attempt.signal.throwIfAborted();
    listenUntil(over.signal, this.#attempt.signal, "abort", end);
    if (request.abortSignal) {
      request.abortSignal.onabort = end;
    }

    void this.#clock.wait(longestWaitMs, over.signal).then(end);
    try {
      return await this.#exchange(request, over.signal);
    } finally {
      end();
    }
  }

  /** The cookies for streams, which are requests as well. */
  override getCookieString(url: string): string {
    return this.#cookies.headerFor(url);
  }

  async #exchange(
    { method = "GET", url = "", content, headers, withCredentials }: HttpRequest,
    signal: AbortSignal,
  ): Promise<HttpResponse> {
    const cookie = this.#cookies.headerFor(url);
    const response = await fetch(url, {
      method,
      body: content || null,
      headers: {
        "X-Requested-With": "XMLHttpRequest",
        ...headers,
        ...(content && { "Content-Type": "text/plain;charset=UTF-8" }),
        ...(cookie && { cookie }),
      },
      credentials: withCredentials ? "include" : "same-origin",
      cache: "no-store",
      signal,
    }).catch((cause: unknown) => {
      throw signal.aborted ? cause : this.#attempt.failed(new UnreachableError(url, cause));
    });
    this.#attempt.answered(response.status);
    this.#cookies.take(url, response);
    const answer = await response.text();
    this.#look(method, url, response, answer);
    return new HttpResponse(response.status, response.statusText, answer);
  }

  #look(method: string, url: string, { ok, status }: Response, answer: string): void {
    if (!ok) {
      throw this.#attempt.failed(refusalIn(status, answer));
    } else if (new URL(url).pathname.endsWith("/negotiate")) {
      this.#lookAtNegotiation(url, answer);
    } else if (method === "GET" && status !== 200) {
      // The stock client would take this for a poll, and if it is the first, leave an unhandled rejection behind.
      throw new ConnectionError("The hub has ended the connection.");
    } else if (method === "GET" && answer !== "" && !this.#attempt.admits(answer)) {
      throw this.#attempt.signal.reason;
    }
  }

  #lookAtNegotiation(url: string, answer: string): void {
    const negotiation = jsonIn(answer);
    if (typeof negotiation !== "object" || negotiation === null) {
      throw this.#attempt.failed(
        new ConnectionError(`What answers at ${shownUrl(url)} is no hub. Is the path in \`url\` that of the hub? By default it is /hub.`),
      );
    }

    this.#attempt.negotiated();
  }
}
