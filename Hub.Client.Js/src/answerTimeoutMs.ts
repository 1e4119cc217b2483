/** How long the client waits for an answer, be it of the token source or of the hub: as long as the hub waits for the handshake of a new connection. */
export const answerTimeoutMs = 15_000;
