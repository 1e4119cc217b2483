/** An access token, and the cursors of its user when it was minted. */
export interface AccessToken {
  readonly token: string;

  /**
   * By address, the cursor at which to begin, so that the client misses nothing that is published between the minting and the connecting.
   * Ignored at addresses where the client has a cursor of its own.
   */
  readonly cursors?: Readonly<Record<string, string>>;
}
