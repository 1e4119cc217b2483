/** An access token, and where its user's logs ended when it was minted. */
export interface AccessToken {
  readonly token: string;

  /**
   * By address, the cursor from which to begin: what is published between the minting and the connecting is then not missed.
   * Counts only for an address at which the client has no cursor of its own.
   */
  readonly cursors?: Readonly<Record<string, string>>;
}
