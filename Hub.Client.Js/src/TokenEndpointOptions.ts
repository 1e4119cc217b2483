/** How {@link tokenFrom} asks. */
export interface TokenEndpointOptions {
  /**
   * Sent with every request, such as `{ "X-CSRFToken": … }` for Django. A function is called for each request, for headers that change
   * while the page is open: a CSRF token, or a bearer token that is refreshed. If it throws, the attempt fails.
   */
  readonly headers?:
    Readonly<Record<string, string>> | (() => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>);

  /**
   * Whether cookies are sent: by default to the page's own origin; with `"include"` also to another origin, whose CORS rules must allow it;
   * with `"omit"` to none.
   */
  readonly credentials?: RequestCredentials;
}
