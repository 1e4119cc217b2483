import type { PushMessage } from "../PushMessage.js";
import { isEnvelope } from "./isEnvelope.js";

/** Whether a value is a message that this client can read. Unknown fields do not matter. */
export function isMessage(value: unknown): value is PushMessage {
  return (
    isEnvelope(value) &&
    "payload" in value &&
    "type" in value &&
    typeof value.type === "string" &&
    "time" in value &&
    typeof value.time === "string"
  );
}
