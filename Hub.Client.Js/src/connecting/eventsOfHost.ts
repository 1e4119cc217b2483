/** What the events of a page's life and of its network pass through here: the global object in pages and workers, nothing in Node. */
export function eventsOfHost(): EventTarget | undefined {
  return typeof addEventListener === "function" ? globalThis : undefined;
}
