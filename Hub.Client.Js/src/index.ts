/*! @realtimehub/client (MIT, RealtimeHub contributors), on @microsoft/signalr (MIT, .NET Foundation and Contributors) */

export type { AccessToken } from "./AccessToken.js";
export type { ConnectionEnd } from "./ConnectionEnd.js";
export type { CursorStorage } from "./CursorStorage.js";
export type { JoinOptions } from "./JoinOptions.js";
export type { Loss } from "./Loss.js";
export { PushClient } from "./PushClient.js";
export type { PushClientOptions } from "./PushClientOptions.js";
export type { PushLogger } from "./PushLogger.js";
export type { PushMessage } from "./PushMessage.js";
export type { PushState } from "./PushState.js";
export type { ResumeFrom } from "./ResumeFrom.js";
export type { RetryOptions } from "./RetryOptions.js";
export type { StartOptions } from "./StartOptions.js";
export type { StateChange } from "./StateChange.js";
export { tokenFrom } from "./tokenFrom.js";
export type { TokenEndpointOptions } from "./TokenEndpointOptions.js";
export type { TokenSource } from "./TokenSource.js";
export { ConnectionError } from "./errors/ConnectionError.js";
export { EndedError } from "./errors/EndedError.js";
export { GroupError } from "./errors/GroupError.js";
export { PushError } from "./errors/PushError.js";
export { RefusedError } from "./errors/RefusedError.js";
export { RenewalError } from "./errors/RenewalError.js";
export { SignInRequiredError } from "./errors/SignInRequiredError.js";
export { StartTimeoutError } from "./errors/StartTimeoutError.js";
export { StoppedError } from "./errors/StoppedError.js";
export { UnreadableError } from "./errors/UnreadableError.js";
