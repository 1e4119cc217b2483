/** How long {@link PushClient.start} tries. */
export interface StartOptions {
  /** In milliseconds. If the client is not connected after this time, it stops. By default it tries for ever. */
  readonly timeout?: number;

  /** If it aborts before the client is connected, the client stops. After that it has no effect. */
  readonly signal?: AbortSignal;
}
