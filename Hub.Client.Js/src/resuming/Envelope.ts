/** The fields that tell a message's place in its log, even if the rest cannot be read. */
export interface Envelope {
  readonly id: string;
  readonly after?: string;
  readonly address: string;

  /** Whether its publisher waits for its receipt. */
  readonly receipt?: unknown;
}
