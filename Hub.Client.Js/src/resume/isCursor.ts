const pattern = /^(?:0|[1-9]\d{0,19})-(?:0|[1-9]\d{0,19})$/;

/** Whether something can be the id of a message: `<offset>-<tag>`, as the hub gives them. */
export function isCursor(value: unknown): value is string {
  return typeof value === "string" && pattern.test(value);
}
