/**
 * The cookies by which a load balancer finds the node of a connection again. In a page the browser keeps them, and does not show them; in
 * Node nobody does, so this does. Lives as long as one attempt, so it needs neither paths nor dates.
 */
export class CookieJar {
  readonly #cookies = new Map<string, Map<string, string>>();

  take(url: string, response: Response): void {
    for (const cookie of "getSetCookie" in response.headers ? response.headers.getSetCookie() : []) {
      const [pair = ""] = cookie.split(";");
      this.#of(url).set(pair.slice(0, pair.indexOf("=")), pair.trim());
    }
  }

  /** The header for a URL; empty if there are no cookies for it. */
  headerFor(url: string): string {
    return [...this.#of(url).values()].join("; ");
  }

  #of(url: string): Map<string, string> {
    const { host } = new URL(url);
    const cookies = this.#cookies.get(host) ?? new Map<string, string>();
    this.#cookies.set(host, cookies);
    return cookies;
  }
}
