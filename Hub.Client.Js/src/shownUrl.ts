/** A URL without the parts that may be secret: user, query and fragment. */
export function shownUrl(url: string | URL): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
