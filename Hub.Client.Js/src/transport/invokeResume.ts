import type { HubConnection } from "@microsoft/signalr";
import { ConnectionError } from "../errors/ConnectionError.js";
import type { ResumeAnswer } from "../resuming/ResumeAnswer.js";
import type { ResumeRequest } from "../resuming/ResumeRequest.js";

/** Calls the hub method `Resume`. A hub that does not have it, or answers something else, is not a push hub. */
export async function invokeResume(connection: HubConnection, request: ResumeRequest): Promise<ResumeAnswer> {
  const answer: unknown = await connection.invoke("Resume", request).catch((cause: unknown) => {
    throw isUnknownMethod(cause) ? noPushHub(cause) : cause;
  });
  if (!isResumeAnswer(answer)) {
    throw noPushHub();
  }

  return answer;
}

/** ASP.NET Core reports a missing method only as text. */
function isUnknownMethod(error: unknown): boolean {
  return error instanceof Error && /unknown hub method|method does not exist/i.test(error.message);
}

function noPushHub(cause?: unknown): ConnectionError {
  return new ConnectionError("This is no push hub: it has no method 'Resume' that answers as one.", { cause });
}

function isResumeAnswer(answer: unknown): answer is ResumeAnswer {
  return (
    typeof answer === "object" &&
    answer !== null &&
    "addresses" in answer &&
    typeof answer.addresses === "object" &&
    answer.addresses !== null &&
    "refused" in answer &&
    Array.isArray(answer.refused) &&
    "more" in answer &&
    typeof answer.more === "boolean"
  );
}
