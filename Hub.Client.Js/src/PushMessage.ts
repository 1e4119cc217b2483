/** One push, as the hub sends it. */
export interface PushMessage<T = unknown> {
  /** Unique. Compare it for equality and nothing else. */
  readonly id: string;

  /** The id of the message before it at this address. Absent on a transient message, which is in no log. */
  readonly after?: string;

  /** Where it was sent: `user:alice`, `group:room1` or `everyone`. */
  readonly address: string;

  /** The word that {@link PushClient.on} listens for. */
  readonly type: string;

  /** Any JSON value, as the backend published it. Nothing checks that it really is a `T`. */
  readonly payload: T;

  /** When the hub accepted it, in ISO 8601. */
  readonly time: string;

  /**
   * Where its publisher stands in a trace, as W3C's header `traceparent` has it: only if the client asks for it (`?trace=true` in
   * {@link PushClientOptions.url}), the message comes live, and its publisher is traced.
   */
  readonly traceparent?: string;

  /** There if its publisher waits until it is handled. */
  readonly receipt?: true;
}
