import type { HubConnection } from "@microsoft/signalr";
import { RenewalError } from "../errors/RenewalError.js";

/** The text that the stock client makes of the hub's refusal: its own words, then the hub's code and sentence. */
const refusal = /HubException: ([a-z]+(?:_[a-z]+)*): (.+)$/s;

/** Calls the hub method `Renew`, and returns the hub's answer. */
export async function invokeRenew(connection: HubConnection, token: string): Promise<unknown> {
  return await connection.invoke("Renew", token).catch((cause: unknown) => {
    const words = cause instanceof Error ? cause.message : String(cause);
    const [, code = "renewal_failed", sentence = words] = refusal.exec(words) ?? [];
    throw new RenewalError(code, sentence, { cause });
  });
}
