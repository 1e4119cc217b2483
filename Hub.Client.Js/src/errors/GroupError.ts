import { PushError } from "./PushError.js";

/**
 * The client is not in a group that it was to join. {@link PushClient.join} rejects with it; if the client had joined the group and the
 * hub does not let it join again, {@link PushClient.onError} tells of it. The connection stays.
 */
export class GroupError extends PushError {
  override readonly name = "GroupError";

  /** The hub's reason: `group_refused`, `name_invalid`, `groups_full`, or `join_failed` if it gave none. `left` if it was left before. */
  readonly code: string;

  /** The name of the group. */
  readonly group: string;

  constructor(code: string, group: string, sentence: string, options?: { readonly cause: unknown }) {
    super(`The client is not in the group '${group}': ${code}: ${sentence}`, options);
    [this.code, this.group] = [code, group];
  }
}
