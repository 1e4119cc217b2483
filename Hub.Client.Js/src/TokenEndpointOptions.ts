/** How {@link tokenFrom} asks. */
export interface TokenEndpointOptions {
  /**
   * Sent with every request, such as `{ "X-CSRFToken": … }` for Django. A function is asked each time, for what changes as long as the
   * page lives: a CSRF token, or a bearer token that is refreshed. What it throws counts as a failed attempt.
   */
  readonly headers?:
    Readonly<Record<string, string>> | (() => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>);

  /**
   * Whether cookies go along: to the page's own origin by default, `"include"` also to another one, which then must allow that by its
   * CORS rules, `"omit"` to none.
   */
  readonly credentials?: RequestCredentials;
}
