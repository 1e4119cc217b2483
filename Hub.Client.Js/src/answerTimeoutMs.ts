/** For each answer, be it of the token source or of the hub: as long as the hub waits for the handshake of a new connection. */
export const patienceMs = 15_000;
