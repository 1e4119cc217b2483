import { describe, expect, test } from "vitest";
import { mostTelling } from "../../src/errors/mostTelling.js";
import { ConnectionError, RefusedError } from "../../src/index.js";
import { ReconnectPolicy } from "../../src/connecting/ReconnectPolicy.js";
import { isAddress } from "../../src/resuming/isAddress.js";
import { isCursor } from "../../src/resuming/isCursor.js";
import { runClose } from "./runClose.js";
import { runEnded } from "./runEnded.js";
import { runGroups } from "./runGroups.js";
import { runLog } from "./runLog.js";
import { runReceipts } from "./runReceipts.js";
import { runRenewal } from "./runRenewal.js";
import { runSecret } from "./runSecret.js";
import { vectorFiles } from "./vectorFiles.js";

/** What this client makes of the input of a vector, by topic. */
const clients: Readonly<Record<string, (input: unknown) => unknown>> = {
  addresses: (input) => isAddress(input as string),
  backoff: (input) =>
    delayMs(input as { readonly firstMs: number; readonly maxMs: number; readonly random: number; readonly attempt: number }),
  close: runClose,
  cursors: isCursor,
  ended: runEnded,
  groups: runGroups,
  heads: runLog,
  joined: runLog,
  live: runLog,
  loss: runLog,
  receipts: runReceipts,
  refusal: (input) => toldFailure(input as readonly { readonly refused?: { readonly status: number; readonly code: string } }[]),
  renewal: runRenewal,
  resume: runLog,
  secret: runSecret,
  transient: runLog,
};

function delayMs({ firstMs, maxMs, random, attempt }: { firstMs: number; maxMs: number; random: number; attempt: number }): number {
  return new ReconnectPolicy({ firstMs, maxMs }, () => random).delayMs(attempt);
}

function toldFailure(outcomes: readonly { readonly refused?: { readonly status: number; readonly code: string } }[]): number {
  const failures = outcomes.map(({ refused }) =>
    refused ? new RefusedError(refused.status, refused.code) : new ConnectionError("There was no answer of a hub."),
  );
  return failures.findIndex((failure) => failure === mostTelling(failures));
}

test("Every file of vectors is run", () => {
  expect([...vectorFiles().keys()].sort()).toEqual(Object.keys(clients).sort());
});

describe.each([...vectorFiles()])("The client does as the vectors of '%s' say:", (topic, vectors) => {
  test.each([...vectors])("$name", async ({ input, expected }) => {
    expect(await clients[topic]?.(input)).toEqual(expected);
  });
});
