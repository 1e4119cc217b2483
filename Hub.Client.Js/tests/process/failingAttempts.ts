import { Connector } from "../../src/connecting/Connector.js";
import { JoinedGroups } from "../../src/joining/JoinedGroups.js";
import { ReconnectPolicy } from "../../src/connecting/ReconnectPolicy.js";
import { ReconnectSecret } from "../../src/connecting/ReconnectSecret.js";
import { tokenFrom } from "../../src/index.js";
import { Cursors } from "../../src/resuming/Cursors.js";
import { ResumingConnector } from "../../src/resuming/ResumingConnector.js";
import { StoredCursors } from "../../src/resuming/StoredCursors.js";
import { SystemClock } from "../../src/SystemClock.js";
import { handing } from "../fixtures/handing.js";
import { receiptsBy } from "../fixtures/receiptsBy.js";

/** Fifty times as fast as the time of the machine, so that 15 seconds are 300 milliseconds. */
class FastClock extends SystemClock {
  override wait(ms: number, signal: AbortSignal): Promise<void> {
    return super.wait(ms / 50, signal);
  }
}

/** Fails to connect to a hub as often as it is told, and returns the words of the failures. */
async function fail(hubUrl: string, times: number): Promise<readonly string[]> {
  const cursors = new Cursors(new StoredCursors(undefined, hubUrl, () => {}));
  const connector = new Connector(hubUrl, tokenFrom(new URL("/token", hubUrl).href), new FastClock(), new ReconnectPolicy(), () => {});
  const groups = new JoinedGroups(cursors, new ReconnectPolicy(), new FastClock(), () => {});
  const resuming = new ResumingConnector(connector, cursors, groups, receiptsBy(), "head", {
    received: handing(() => {}),
    lost: () => {},
    unreadable: () => {},
  });
  const words = new Set<string>();
  for (let attempt = 0; attempt < times; attempt++) {
    await resuming.connect(attempt, new ReconnectSecret(new SystemClock()), new AbortController().signal).then(
      () => words.add("connected"),
      (error: unknown) => words.add((error as Error).message),
    );
  }

  return [...words];
}

/** Is told where the hubs are, says what came of each, and then lives for as long as its input is open, if nothing keeps it. */
const [times = "", ...hubUrls] = process.argv.slice(2);
const outcomes = await Promise.all(hubUrls.map((url) => fail(url, Number(times))));
console.log(JSON.stringify(outcomes));
process.stdin.resume();
