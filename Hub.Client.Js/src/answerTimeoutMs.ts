/**
 * How long the client waits for an answer of the token source or of the hub, in milliseconds. The hub waits just as long for the handshake
 * of a new connection.
 */
export const answerTimeoutMs = 15_000;
