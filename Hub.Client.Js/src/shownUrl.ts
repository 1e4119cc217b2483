/** A URL without what may be secret: its user, its query and its fragment. */
export function shownUrl(url: string | URL): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
