import { expect } from "vitest";
import { ConnectionLoop } from "../../src/connecting/ConnectionLoop.js";
import { Connector } from "../../src/connecting/Connector.js";
import type { LoopListener } from "../../src/connecting/LoopListener.js";
import { ReconnectPolicy } from "../../src/connecting/ReconnectPolicy.js";
import { Cursors } from "../../src/resuming/Cursors.js";
import { ResumingConnector } from "../../src/resuming/ResumingConnector.js";
import { StoredCursors } from "../../src/resuming/StoredCursors.js";
import type { FakeClock } from "../fixtures/FakeClock.js";
import type { FakeHub } from "../fixtures/FakeHub.js";
import { groupsAt } from "../fixtures/groupsAt.js";
import { numberedTokens } from "../fixtures/numberedTokens.js";
import { handing } from "../fixtures/handing.js";
import { receiptsBy } from "../fixtures/receiptsBy.js";

/** The loop of a client that hands its messages to nobody, and whose waits are as long as they may be. */
export function loopOf(hub: FakeHub, clock: FakeClock, listener: Partial<LoopListener>): ConnectionLoop {
  const fail = (error: unknown) => expect.fail(String(error));
  const policy = new ReconnectPolicy({}, () => 1);
  const cursors = new Cursors(new StoredCursors(undefined, hub.url, fail));
  const handlers = { received: handing(() => {}), lost: () => {}, unreadable: () => {} };
  const connector = new ResumingConnector(
    new Connector(hub.url, numberedTokens(), clock, policy, fail),
    cursors,
    groupsAt(cursors),
    receiptsBy(),
    "head",
    handlers,
  );
  return new ConnectionLoop(connector, policy, clock, undefined, { failed: () => {}, ended: () => {}, changed: () => {}, ...listener });
}
