import { el } from "./el.js";

/** A button that does something. `named` says what it acts on, if that stands beside it and not on it. */
export function button(text: string, click: () => Promise<void>, named?: string): HTMLElement {
  return el(
    "button",
    {
      type: "button",
      class: named === undefined ? "quiet" : "quiet small",
      "aria-label": named === undefined ? undefined : `${text} ${named}`,
      "data-key": `${text} ${named ?? ""}`,
      click: () => void click(),
    },
    text,
  );
}
