/**
 * What a client can keep its cursors in, such as `sessionStorage` (for the reloads of this tab) or `localStorage` (for
 * restarts of the browser as well, but shared by all tabs of the origin). One that throws costs only what it would have kept.
 */
export interface CursorStorage {
  /** The key at a place, in any order that stays the same while nothing is written; null behind the last. */
  key(index: number): string | null;

  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}
