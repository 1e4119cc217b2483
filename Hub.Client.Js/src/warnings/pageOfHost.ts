import type { Page } from "./Page.js";

/** The page or worker in which this runs, if it came from a server. */
export function pageOfHost(): Page | undefined {
  return typeof location !== "undefined" && /^https?:$/.test(location.protocol) ? location : undefined;
}
