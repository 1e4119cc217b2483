/** A host can be reached from everywhere, from the same network only, or from the same machine only. */
const reaches = ["public", "private", "loopback"] as const;

const loopback = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;
const privateAddress =
  /^(10(\.\d+){3}|172\.(1[6-9]|2\d|3[01])(\.\d+){2}|192\.168(\.\d+){2}|169\.254(\.\d+){2}|\[f[cd][\da-f]{2}:.*|\[fe[89ab][\da-f]:.*)$/;
const privateName = /^[^.:[\]]+$|\.(local|lan|internal|intranet|home|home\.arpa|corp)$/;

/** From where a host can be reached, as far as its name tells. */
export function reachOf(hostname: string): (typeof reaches)[number] {
  if (loopback.test(hostname)) {
    return "loopback";
  }

  return privateAddress.test(hostname) || privateName.test(hostname) ? "private" : "public";
}

/**
 * Whether a browser guards `host` from pages of the host `page`: it asks the user before a page may reach a network that is more private
 * than the one it came from.
 */
export function isGuardedFrom(page: string, host: string): boolean {
  return reaches.indexOf(reachOf(host)) > reaches.indexOf(reachOf(page));
}
