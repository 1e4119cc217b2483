import type { HubConnection } from "@microsoft/signalr";
import { codeIn } from "../errors/codeIn.js";
import { RenewalError } from "../errors/RenewalError.js";

/** Calls the hub method `Renew`, and returns the hub's answer. */
export async function invokeRenew(connection: HubConnection, token: string): Promise<unknown> {
  return await connection.invoke("Renew", token).catch((cause: unknown) => {
    const words = cause instanceof Error ? cause.message : String(cause);
    const [code = "renewal_failed", sentence = words] = codeIn(words);
    throw new RenewalError(code, sentence, { cause });
  });
}
