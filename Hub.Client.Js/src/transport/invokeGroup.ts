import type { HubConnection } from "@microsoft/signalr";
import { codeIn } from "../errors/codeIn.js";
import { GroupError } from "../errors/GroupError.js";

/** The hub's answers after which it may go well later. */
const passing: readonly string[] = ["store_unavailable", "connection_unknown"];

/** Calls the hub method `Join` or `Leave`, and returns the hub's answer. Rejects with a {@link GroupError} if the hub says no. */
export async function invokeGroup(connection: HubConnection, method: "Join" | "Leave", group: string): Promise<unknown> {
  return await connection.invoke(method, group).catch((cause: unknown) => {
    const words = String(cause);
    const [code = "join_failed", sentence = words] = codeIn(words);
    throw words.includes("HubException: ") && !passing.includes(code) ? new GroupError(code, group, sentence, { cause }) : cause;
  });
}
