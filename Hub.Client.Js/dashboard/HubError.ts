/** What the hub has refused, in its own words, or that it does not answer. */
export class HubError extends Error {
  /** The status of its answer; 0 if there was none. */
  readonly status: number;

  constructor(message: string, status = 0) {
    super(message);
    this.status = status;
  }
}
