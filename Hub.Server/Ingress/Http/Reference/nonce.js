// Scalar writes styles into the page as it runs, which the page's policy refuses. Here its style elements get the page's nonce, and what it
// writes as style attributes is set the way that a script may.
{
  const nonce = document.querySelector("meta[property=csp-nonce]").content;

  const createElement = Document.prototype.createElement;
  Document.prototype.createElement = function (...given) {
    const element = createElement.apply(this, given);
    if (element instanceof HTMLStyleElement) {
      element.nonce = nonce;
    }
    return element;
  };

  const setAttribute = Element.prototype.setAttribute;
  Element.prototype.setAttribute = function (name, value) {
    if (name === "style" && this.style) {
      this.style.cssText = value;
    } else {
      setAttribute.call(this, name, value);
    }
  };

  const innerHTML = Object.getOwnPropertyDescriptor(Element.prototype, "innerHTML");
  Object.defineProperty(Element.prototype, "innerHTML", {
    ...innerHTML,
    set(markup) {
      innerHTML.set.call(this, `${markup}`.replace(/\sstyle=(?=["'])/g, " data-style="));
      for (const element of (this.content ?? this).querySelectorAll("[data-style]")) {
        element.style.cssText = element.dataset.style;
        element.removeAttribute("data-style");
      }
    },
  });
}
