/** How {@link tokenFrom} asks. */
export interface TokenEndpointOptions {
  /** Sent with every request, such as `{ "X-CSRFToken": … }` for Django. */
  readonly headers?: Readonly<Record<string, string>>;
}
