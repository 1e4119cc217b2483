const numbers = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

/** A number, with as many digits as it is worth. */
export function shownNumber(value: number): string {
  return numbers.format(value);
}

/** How many of something: `1 connection`, `2 connections`. */
export function some(count: number, what: string): string {
  return `${shownNumber(count)} ${what}${count === 1 ? "" : "s"}`;
}

/** A number of bytes. */
export function shownBytes(bytes: number): string {
  return bytes < 1_024
    ? `${shownNumber(bytes)} B`
    : bytes < 1_048_576
      ? `${shownNumber(bytes / 1_024)} KB`
      : `${shownNumber(bytes / 1_048_576)} MB`;
}

/** A time in seconds, in milliseconds. */
export function shownLatency(seconds: number | null | undefined): string {
  return seconds === null || seconds === undefined ? "–" : `${shownNumber(seconds * 1_000)} ms`;
}

/** A time in UTC, as the hub's own sentences have it: `2026-11-29 12:00:01`. */
export function shownTime(time: string | number | undefined): string {
  return time === undefined ? "–" : new Date(time).toISOString().slice(0, 19).replace("T", " ");
}

/** Ids of nodes begin with the time at which they started, which may be the same for all, and end at random. */
export function shownNode(id: string): string {
  return id.length > 8 ? `…${id.slice(-6)}` : id;
}
