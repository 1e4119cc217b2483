/** The target of events about the page and its network: the global object in pages and workers, undefined in Node. */
export function eventsOfHost(): EventTarget | undefined {
  return typeof addEventListener === "function" ? globalThis : undefined;
}
