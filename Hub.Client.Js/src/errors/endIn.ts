import type { CloseMessage } from "@microsoft/signalr";
import { codeIn } from "./codeIn.js";
import { EndedError } from "./EndedError.js";

/** What a close message says; undefined if it has no reason of the hub, as one of SignalR itself. */
export function endIn({ error = "", allowReconnect }: CloseMessage): EndedError | undefined {
  const [code, reason] = codeIn(error);
  return code !== undefined && reason !== undefined && error.startsWith(code)
    ? new EndedError({ code, reason, mayComeBack: allowReconnect === true })
    : undefined;
}
