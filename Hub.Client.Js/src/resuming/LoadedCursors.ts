/** The content of a storage. */
export interface LoadedCursors {
  /** By address. */
  readonly cursors: ReadonlyMap<string, string>;

  /** The addresses whose stored value is not a cursor: the client's position there is lost. */
  readonly broken: readonly string[];
}
