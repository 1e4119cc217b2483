/**
 * Makes an element show these children, and nothing else. What is the same stays: it keeps the focus, what is selected in it, where it is
 * scrolled to, and is not read out again. An element that stays keeps its listeners, so whatever listens needs a `data-key` that says what
 * it acts on. If what has the focus goes, such as a button whose work is done, what was around it has the focus.
 */
export function show(parent: Element, ...children: readonly Node[]): void {
  const before = [...parent.childNodes];
  const after = children.map((child) => {
    const at = before.findIndex((old) => isSame(old, child));
    const [kept] = at < 0 ? [] : before.splice(at, 1);
    return kept === undefined ? child : renew(kept, child);
  });
  const loses = before.some((old) => old.contains(document.activeElement));
  before.forEach((old) => old.remove());
  after.forEach((child, index) => {
    if (parent.childNodes[index] !== child) {
      parent.insertBefore(child, parent.childNodes[index] ?? null);
    }
  });
  if (loses) {
    parent.closest<HTMLElement>("[tabindex]")?.focus({ preventScroll: true });
  }
}

function isSame(one: Node, other: Node): boolean {
  return one.nodeName === other.nodeName && keyOf(one) === keyOf(other);
}

function keyOf(node: Node): string | null {
  return node instanceof Element ? node.getAttribute("data-key") : null;
}

/** Makes what stays look like what would have come in its place. */
function renew(kept: ChildNode, wanted: Node): ChildNode {
  if (kept instanceof Element && wanted instanceof Element) {
    renewAttributes(kept, wanted);
    show(kept, ...wanted.childNodes);
  } else if (kept.nodeValue !== wanted.nodeValue) {
    kept.nodeValue = wanted.nodeValue;
  }

  return kept;
}

function renewAttributes(kept: Element, wanted: Element): void {
  kept
    .getAttributeNames()
    .filter((name) => !wanted.hasAttribute(name))
    .forEach((name) => kept.removeAttribute(name));
  for (const { name, value } of wanted.attributes) {
    if (kept.getAttribute(name) !== value) {
      kept.setAttribute(name, value);
    }
  }
}
