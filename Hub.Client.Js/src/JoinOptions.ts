/** How long {@link PushClient.join} waits. */
export interface JoinOptions {
  /** If it aborts before the hub has put the client into the group, the group is left. After that it has no effect. */
  readonly signal?: AbortSignal;
}
