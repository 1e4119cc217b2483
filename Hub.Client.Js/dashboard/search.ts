import { el } from "./el.js";

/** A form for a name, which opens the page of that name. */
export function search(page: string, label: string, name: string, placeholder: string): HTMLElement {
  const field = el("input", {
    id: "name",
    value: name,
    placeholder,
    maxlength: 262,
    required: true,
    autocomplete: "off",
    spellcheck: "false",
  }) as HTMLInputElement;
  const open = (event: Event) => {
    event.preventDefault();
    location.hash = `#/${page}/${encodeURIComponent(field.value)}`;
  };
  return el("form", { class: "row", submit: open }, el("label", { for: "name" }, label), field, el("button", {}, "Show"));
}
