/** How long a token lets its connection stay, in seconds, as the hub has told it; undefined if it told nothing, and so for ever. */
export function lifetimeIn(told: unknown): number | undefined {
  const { tokenLifetimeSeconds: seconds } = (told ?? {}) as { tokenLifetimeSeconds?: unknown };
  return typeof seconds === "number" && seconds >= 0 ? seconds : undefined;
}
