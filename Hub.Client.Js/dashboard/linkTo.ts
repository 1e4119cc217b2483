import { el } from "./el.js";

/** A link to the page of a user or an address, and there to a message. */
export function linkTo(page: string, name: string, message?: string): HTMLElement {
  const path = message === undefined ? [name] : [name, message];
  return el("a", { href: `#/${page}/${path.map(encodeURIComponent).join("/")}` }, message ?? name);
}
