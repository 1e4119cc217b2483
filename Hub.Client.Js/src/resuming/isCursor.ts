const pattern = /^(0|[1-9]\d{0,19})-(0|[1-9]\d{0,19})$/;
const largest = 2n ** 64n - 1n;

/** Whether something can be the id of a message: `<offset>-<tag>`, two numbers of 64 bits, as the hub gives them. */
export function isCursor(value: unknown): value is string {
  const [, ...numbers] = typeof value === "string" ? (pattern.exec(value) ?? []) : [];
  return numbers.length === 2 && numbers.every((number) => BigInt(number) <= largest);
}
