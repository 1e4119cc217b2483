/**
 * A storage for a client's cursors, such as `sessionStorage` (survives reloads of this tab) or `localStorage` (also survives restarts of
 * the browser, but is shared by all tabs of the origin). If it throws, only what it should have kept is lost.
 */
export interface CursorStorage {
  /** The key at an index, in any order that stays the same while nothing is written; null after the last. */
  key(index: number): string | null;

  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}
