/** For how long {@link PushClient.start} is to try. */
export interface StartOptions {
  /** In milliseconds. When they are over and the client is not connected, it stops. By default it tries for ever. */
  readonly timeout?: number;

  /** When it aborts and the client is not connected, the client stops. Of no effect afterwards. */
  readonly signal?: AbortSignal;
}
