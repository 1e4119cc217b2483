/** The absolute form of a hub's URL, which in a page may be relative to it. */
export function hubUrl(url: string): string {
  const absolute = new URL(url, typeof location === "undefined" ? undefined : location.href);
  if (!/^https?:$/.test(absolute.protocol)) {
    throw new TypeError(`The url of a hub begins with http or https, unlike '${url}'.`);
  }

  return absolute.href;
}
