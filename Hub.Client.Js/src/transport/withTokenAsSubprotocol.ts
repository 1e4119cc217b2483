import { splitAccessToken } from "./splitAccessToken.js";

/**
 * A page cannot give a WebSocket headers, so the stock client puts the token into the URL, and the browser prints that
 * URL to its console when the connection fails. A subprotocol is the one header a page may set: the hub reads the
 * token from `Sec-WebSocket-Protocol: realtimehub, <token>` and selects `realtimehub`.
 */
export function withTokenAsSubprotocol(Socket: typeof WebSocket): typeof WebSocket {
  return class extends Socket {
    constructor(url: string | URL) {
      const { bareUrl, token } = splitAccessToken(url);
      super(bareUrl, token === null ? [] : ["realtimehub", token]);
    }
  };
}
