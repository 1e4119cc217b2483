import { HubError } from "./HubError.js";

/** The HTTP API of the hub that serves this page, with the key of whoever looks. */
export class HubApi {
  readonly #key: string;
  readonly #over: AbortSignal;
  readonly #refused: () => void;

  /**
   * What it reads ends when `over` aborts; what it has the hub do does not. `refused` is called when the hub does not know the key, and
   * ends the page.
   */
  constructor(key: string, over: AbortSignal, refused: () => void) {
    this.#key = key;
    this.#over = over;
    this.#refused = refused;
  }

  get<T>(path: string): Promise<T> {
    return this.send<T>("GET", path);
  }

  /** Asks, and returns the answer. Throws a {@link HubError} if the hub refuses, or does not answer. */
  async send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await this.#open(method, `/api/${path}`, body);
    return (await response.json()) as T;
  }

  /** A token with which this page becomes a client of the hub. */
  async mint(): Promise<string> {
    return (await this.#open("POST", "/dashboard/token")).text();
  }

  /** What comes line by line, as it comes, until the hub ends it. */
  async lines(path: string, take: (line: string) => void): Promise<void> {
    const response = await this.#open("GET", `/api/${path}`);
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (let read = await reader?.read(); read?.done === false; read = await reader?.read()) {
      const lines = (rest + read.value).split("\n");
      rest = lines.pop() ?? "";
      lines.filter((line) => line !== "").forEach(take);
    }
  }

  async #open(method: string, path: string, body?: unknown): Promise<Response> {
    const response = await this.#fetch(method, path, body);
    if (response.ok) {
      return response;
    }

    if (response.status === 401) {
      this.#refused();
      this.#over.throwIfAborted();
    }

    const problem = (await response.json().catch(() => ({}))) as { readonly detail?: string };
    throw new HubError(problem.detail ?? `The hub answered with ${response.status}.`, response.status);
  }

  async #fetch(method: string, path: string, body: unknown): Promise<Response> {
    const signal = method === "GET" ? this.#over : null;
    const headers: Record<string, string> = { "x-api-key": this.#key };
    if (body !== undefined) {
      headers["content-type"] = "application/json";
    }

    try {
      return await fetch(path, { method, headers, body: body === undefined ? null : JSON.stringify(body), signal });
    } catch (error) {
      throw signal?.aborted === true ? error : new HubError("The hub cannot be reached.");
    }
  }
}
