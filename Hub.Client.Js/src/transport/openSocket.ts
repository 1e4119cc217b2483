import NodeSocket from "ws";
import { splitAccessToken } from "./splitAccessToken.js";
import { usesNodeSocket } from "./usesNodeSocket.js";

/** How long a peer has to answer a close frame, in Node. A browser has its own limit. */
const closeTimeout = 2_000;

/**
 * Opens the WebSocket of this platform, with the token that the stock client has put into the URL or the headers.
 *
 * A page cannot give a WebSocket headers, so the stock client puts the token into the URL, and the browser prints that
 * URL to its console when the connection fails. A subprotocol is the one header a page may set: the hub reads the
 * token from `Sec-WebSocket-Protocol: realtimehub, <token>` and selects `realtimehub`.
 */
export function openSocket(url: string, headers: Readonly<Record<string, string>>): WebSocket {
  const { bareUrl, token } = splitAccessToken(url);
  if (usesNodeSocket()) {
    const options = { headers, closeTimeout };
    return new NodeSocket(bareUrl, options) as unknown as WebSocket;
  }

  const shown = token ?? headers["Authorization"]?.replace("Bearer ", "");
  return new WebSocket(bareUrl, shown ? ["realtimehub", shown] : []);
}
