import { ConnectionError } from "./ConnectionError.js";

/** There was no token to connect with, so nothing was asked of the hub. */
export class TokenError extends ConnectionError {}
