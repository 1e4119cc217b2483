type Child = Node | string | number | undefined | false;
type Attributes = Readonly<Record<string, string | number | boolean | ((event: Event) => void) | undefined>>;

/** An element. What comes from the hub becomes text, never markup. An attribute that is a function listens to the event of its name. */
export function el(tag: string, attributes: Attributes = {}, ...children: readonly Child[]): HTMLElement {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      element.addEventListener(name, value);
    } else if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== undefined && value !== false) {
      element.setAttribute(name, `${value}`);
    }
  }

  element.append(
    ...children.filter((child) => child !== undefined && child !== false).map((child) => (child instanceof Node ? child : `${child}`)),
  );
  return element;
}
