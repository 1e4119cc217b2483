import { mkdtemp, rm } from "node:fs/promises";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { FakeHub } from "../fixtures/FakeHub.js";
import { problem } from "../fixtures/problem.js";

const times = 100;

/** What a hub, or something between, does to everybody, and what the client says of it. */
const sorts: readonly (readonly [string, (hub: FakeHub) => void, RegExp])[] = [
  ["its token is never answered", (hub) => hub.swallows.add("token"), /no answer within 15 seconds/],
  ["its token fails", (hub) => (hub.tokenStatus = 500), /500/],
  ["its negotiate is never answered", (hub) => withoutSockets(hub).add("negotiate"), /no answer within 5 seconds/],
  ["its negotiate is refused", (hub) => void withoutSockets(hub), /connection_unknown/],
  ["its WebSocket is swallowed", (hub) => hub.swallows.add("upgrade"), /connection_unknown/],
  ["whatever streams or polls is swallowed", (hub) => negotiated(hub).add("stream").add("poll"), /no answer within 15 seconds/],
  ["its handshake is swallowed", (hub) => ((hub.refusal = undefined), hub.swallows.add("handshake")), /no answer within 15 seconds/],
  [
    "the hub gives up on its handshake",
    (hub) => ((hub.handshakeAnswer = '{"error":"Handshake was canceled."}'), negotiated(hub).add("post")),
    /Handshake was canceled/,
  ],
  ["its first Resume is never answered", (hub) => ((hub.refusal = undefined), hub.swallows.add("resume")), /no answer within 15 seconds/],
  ["nothing of it is refused properly", (hub) => ((hub.refusal = problem(200, "ok")), (hub.handshakeAnswer = "hello")), /./],
];

function withoutSockets(hub: FakeHub): FakeHub["swallows"] {
  hub.acceptsWebSockets = false;
  return hub.swallows;
}

function negotiated(hub: FakeHub): FakeHub["swallows"] {
  hub.refusal = undefined;
  return withoutSockets(hub);
}

describe(`A client in a process of its own that has failed ${times} times because`, () => {
  let hubs: FakeHub[];
  let child: ReturnType<typeof spawn>;
  let outcomes: string[][];
  let complaints = "";

  beforeAll(async () => {
    hubs = await Promise.all(sorts.map(() => FakeHub.start()));
    sorts.forEach(([, misbehave], index) => misbehave(hubs[index] as FakeHub));
    child = spawn(process.execPath, [await program(), `${times}`, ...hubs.map(({ url }) => url)]);
    child.stderr?.on("data", (text: string) => (complaints += text));
    const [line] = (await Promise.race([once(child.stdout as NodeJS.ReadableStream, "data"), once(child, "exit")])) as [Buffer | number];
    outcomes = typeof line === "number" ? expect.fail(`It has died: ${complaints}`) : (JSON.parse(String(line)) as string[][]);
  }, 240_000);

  afterAll(async () => {
    child.kill("SIGKILL");
    await Promise.all(hubs.map((hub) => hub.stop()));
  });

  test.each(sorts.map(([name, , words], index) => [name, index, words] as const))(
    "%s keeps one socket at most",
    async (_, index, words) => {
      expect(outcomes[index]?.join()).toMatch(words);
      expect(outcomes[index]).not.toContain("connected");
      await expect.poll(() => hubs[index]?.openSockets).toBeLessThanOrEqual(1);
    },
  );

  test("it did, leaves nothing that keeps the process alive, and no rejection that ends it", async () => {
    const ended = once(child, "exit", { signal: AbortSignal.timeout(10_000) });

    child.stdin?.end();

    expect(await ended).toEqual([0, null]);
    expect(complaints).toBe("");
  });
});

let folder: string;
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Node runs no TypeScript. The program lies where it finds its packages. */
async function program(): Promise<string> {
  const here = fileURLToPath(new URL(".", import.meta.url));
  folder = await mkdtemp(join(here, "../../node_modules/.failingAttempts-"));
  const outfile = join(folder, "program.mjs");
  await build({
    entryPoints: [join(here, "failingAttempts.ts")],
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    outfile,
  });
  return outfile;
}
