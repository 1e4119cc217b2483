/** What stood in a storage. */
export interface LoadedCursors {
  /** By address. */
  readonly cursors: ReadonlyMap<string, string>;

  /** The addresses for which something stood there that is no cursor: where the client was there, nobody knows any more. */
  readonly broken: readonly string[];
}
