/** The base of all errors of this package. `code` is for programs, `message` for people; neither ever holds a token. */
export abstract class PushError extends Error {
  /** A stable word such as `sign_in_required`. A {@link RefusedError} passes on the hub's own. */
  abstract readonly code: string;
}
