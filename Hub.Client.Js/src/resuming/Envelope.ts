/** What places a message in its log, whether or not the rest of it can be read. */
export interface Envelope {
  readonly id: string;
  readonly after?: string;
  readonly address: string;
}
