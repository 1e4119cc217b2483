import { RenewalPolicy } from "../../src/renewing/RenewalPolicy.js";

/** How long this client waits before it renews its connection. */
export function runRenewal(input: unknown): number {
  const { tokenLifetimeSeconds, random } = input as { readonly tokenLifetimeSeconds: number; readonly random: number };
  return new RenewalPolicy(() => random).delayMs(tokenLifetimeSeconds);
}
