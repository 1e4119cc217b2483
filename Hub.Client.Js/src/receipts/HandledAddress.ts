/** How far a client has handled an address, as the hub is told. */
export interface HandledAddress {
  /** Everything behind this message, and up to `upTo`, was handled. */
  readonly after: string;

  readonly upTo: string;

  /** The message whose handler has failed. */
  readonly failed: string | undefined;
}
