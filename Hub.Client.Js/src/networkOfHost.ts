/** What fires `online` here: the global object in pages and workers, nothing in Node. */
export function networkOfHost(): EventTarget | undefined {
  return typeof addEventListener === "function" ? globalThis : undefined;
}
