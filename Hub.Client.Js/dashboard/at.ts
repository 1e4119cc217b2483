import { HubError } from "./HubError.js";

/** A path in which each name is one segment, whatever it is: at`users/${"a/b"}/ban` is `users/a%2Fb/ban`. */
export function at(segments: TemplateStringsArray, ...names: readonly string[]): string {
  if (names.some((name) => name === "." || name === "..")) {
    throw new HubError("A name of nothing but dots cannot stand in a path, so there is no page of it.");
  }

  return String.raw({ raw: segments }, ...names.map(encodeURIComponent));
}
