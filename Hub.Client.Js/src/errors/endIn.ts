import type { CloseMessage } from "@microsoft/signalr";
import { EndedError } from "./EndedError.js";

const codeAndSentence = /^([a-z]+(?:_[a-z]+)*): (.+)$/s;

/** What a close message says; undefined if it has no reason of the hub, as one of SignalR itself. */
export function endIn({ error = "", allowReconnect }: CloseMessage): EndedError | undefined {
  const [, code, reason] = codeAndSentence.exec(error) ?? [];
  return code !== undefined && reason !== undefined ? new EndedError({ code, reason, mayComeBack: allowReconnect === true }) : undefined;
}
