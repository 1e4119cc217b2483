declare const process: { readonly release?: { readonly name?: string } } | undefined;

/**
 * Whether to use ws: in Node, since it has no WebSocket of its own before version 22, but not in Electron and in tests of pages. It takes
 * headers and tells why it was refused, as a page's WebSocket does not.
 */
export function usesNodeSocket(): boolean {
  return typeof process !== "undefined" && process.release?.name === "node" && !("document" in globalThis);
}
