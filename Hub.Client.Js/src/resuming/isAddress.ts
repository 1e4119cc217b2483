const pattern = /^(?:everyone|(?:user|group):[^\p{Cc}\p{Cs}\ufffd]+)$/u;
const longestName = 256;

/** Whether a text names an address by the hub's rule: `everyone`, or a user or group of 1 to 256 characters without control characters. */
export function isAddress(text: string): boolean {
  return pattern.test(text) && text.length - (text.indexOf(":") + 1) <= longestName;
}
