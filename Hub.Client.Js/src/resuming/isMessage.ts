import type { PushMessage } from "../PushMessage.js";
import { isEnvelope } from "./isEnvelope.js";

/** Whether something is a message as this client knows them. Fields that it does not know do not matter. */
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
