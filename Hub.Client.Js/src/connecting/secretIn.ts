const pattern = /^wsreconnect[\w.-]+$/;

/** The reconnect secret in what the hub tells of a connection; undefined if there is none. */
export function secretIn(told: unknown): string | undefined {
  const { reconnectSecret } = (told ?? {}) as { reconnectSecret?: unknown };
  return typeof reconnectSecret === "string" && pattern.test(reconnectSecret) ? reconnectSecret : undefined;
}
