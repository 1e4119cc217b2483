import { el } from "./el.js";

type Cell = Node | string | number | undefined;

/** A table with a caption. What its first column shows tells its rows apart. Where there is nothing, it says so. */
export function table(caption: string, columns: readonly string[], rows: readonly (readonly Cell[])[], nothing: string): HTMLElement {
  if (rows.length === 0) {
    return el("p", { class: "hint" }, nothing);
  }

  const head = el("tr", {}, ...columns.map((column) => el("th", { scope: "col" }, column)));
  return el(
    "div",
    { class: "scroll", tabindex: 0, role: "group", "aria-label": caption },
    el(
      "table",
      {},
      el("caption", { class: "visually-hidden" }, caption),
      el("thead", {}, head),
      el("tbody", {}, ...rows.map((row) => rowOf(columns, row))),
    ),
  );
}

function rowOf(columns: readonly string[], row: readonly Cell[]): HTMLElement {
  const [first] = row;
  return el(
    "tr",
    { "data-key": first instanceof Node ? (first.textContent ?? "") : `${first ?? ""}` },
    ...row.map((cell, index) => el("td", { "data-column": columns[index] }, cell ?? "–")),
  );
}
