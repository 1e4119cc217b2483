/** One rule of the protocol, by example. */
export interface Vector {
  /** The rule, as a sentence. */
  readonly name: string;

  readonly input: unknown;
  readonly expected: unknown;
}
