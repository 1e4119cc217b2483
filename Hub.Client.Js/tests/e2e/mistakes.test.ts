import { createServer, type Server } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type * as RealtimeHub from "../../src/index.js";
import { PushClient, tokenFrom, type TokenSource } from "../../src/index.js";
import { listen } from "../fixtures/listen.js";
import { Chromium } from "./fixtures/Chromium.js";
import { ConsoleWatch } from "./fixtures/ConsoleWatch.js";
import { freePort } from "./fixtures/freePort.js";
import { HubNode } from "./fixtures/HubNode.js";
import { pageOf } from "./fixtures/pageOf.js";

declare const realtimeHub: typeof RealtimeHub;

/** What a site says that is no hub. */
const answers = [
  { under: "/other", status: 200, body: '{"jeton":1}' },
  { under: "/page", status: 200, body: "<html>" },
  { under: "/sign-in", status: 302, body: "" },
];

const somebodysToken = `wstoken${"A".repeat(43)}`;

describe("An ordinary mistake", () => {
  let node: HubNode;
  let site: Server;
  let siteUrl: string;
  let warnings: string[];
  let client: PushClient | undefined;

  beforeAll(async () => {
    node = await HubNode.start();
    site = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? "", siteUrl);
      const { status, body } = answers.find(({ under }) => pathname.startsWith(under)) ?? { status: 404, body: "" };
      response.writeHead(status, { location: "/page" }).end(body);
    });
    siteUrl = await listen(site);
  });

  afterAll(async () => {
    site.close();
    await node.kill();
  });

  afterEach(() => client?.stop());

  /** What the client says when it has failed once. */
  async function warningFor(url: string, token: TokenSource): Promise<string> {
    warnings = [];
    client = new PushClient({ url, token, retry: { firstMs: 10, maxMs: 20 }, logger: { warn: (message) => warnings.push(message) } });
    let failures = 0;
    client.onState(({ retryInMs, state }) => (failures += Number(retryInMs !== undefined || state === "stopped")));
    void client.start();
    await expect.poll(() => failures).toBeGreaterThan(0);
    await expect.poll(() => failures > 1 || client?.state).not.toBe("connecting");
    expect(warnings).toHaveLength(1);
    expect(warnings.join()).not.toMatch(/ws(token|grant|reconnect)/);
    return warnings.join();
  }

  const mint: TokenSource = () => node.mint("alice");

  test("in the path is named, with what the path is by default", async () => {
    expect(await warningFor(`${node.url}/hubs`, mint)).toMatch(
      /\/hubs, and tries again.*status 404\. Is the path in `url` that of the hub\? By default it is \/hub\.$/,
    );
  });

  test("in the port is named, with what the system says", async () => {
    const url = `http://127.0.0.1:${await freePort()}/hub`;

    expect(await warningFor(url, mint)).toContain(`Nothing could be reached at ${url}/negotiate: connect ECONNREFUSED`);
  });

  test("of giving the address of something that is no hub is named", async () => {
    expect(await warningFor(`${siteUrl}/page`, mint)).toContain(`What answers at ${siteUrl}/page/negotiate is no hub.`);
  });

  test("in the address of the token endpoint is named, with that address", async () => {
    expect(await warningFor(node.hubUrl, tokenFrom(`${siteUrl}/tokens?key=secret`))).toContain(
      `The token endpoint at ${siteUrl}/tokens answered with 404 and no token. Is that its address, and does it take a POST?`,
    );
  });

  test("in what the token endpoint answers is named, with what it should", async () => {
    expect(await warningFor(node.hubUrl, tokenFrom(`${siteUrl}/other`))).toContain(
      'answered with 200 and no token. It must answer a POST with JSON like {"token":"…"}.',
    );
  });

  test("of being signed out is named, though nobody waits for start()", async () => {
    expect(await warningFor(node.hubUrl, tokenFrom(`${siteUrl}/sign-in`))).toContain("and has stopped. The user must sign in again");
  });

  test("in a token source of one's own is named, in its own words", async () => {
    expect(await warningFor(node.hubUrl, () => Promise.reject(new Error("no session")))).toContain("The token source failed: no session.");
  });

  test.each([
    ["what a token looks like", async () => "abc", "401 token_malformed"],
    ["what is a token at all", async () => "two words", "The token source answered with something that is no token."],
    ["who mints", async () => somebodysToken, "401 token_unknown. The token was never minted, or it has expired."],
  ])("about %s is named", async (_, token, words) => {
    expect(await warningFor(node.hubUrl, token)).toContain(words);
  });

  test("of showing a token twice is named", async () => {
    const spent = await node.mint("alice");
    const first = new PushClient({ url: node.hubUrl, token: async () => spent });
    await first.start();
    await first.stop();

    expect(await warningFor(node.hubUrl, async () => spent)).toContain("401 token_spent. The token was used before");
  });

  describe("of a page", () => {
    let chromium: Chromium;

    beforeAll(async () => void (chromium = await Chromium.start()));
    afterAll(() => chromium.stop());

    /** What the console says of a client on a page of another origin. */
    async function consoleOf(origin: string): Promise<ConsoleWatch> {
      const page = await chromium.newBlankPage();
      onTestFinished(() => page.close());
      const watch = new ConsoleWatch(page);
      const script = await (await fetch(`${node.url}/realtimehub.js`)).text();
      await page.route(`${origin}/realtimehub.js`, (route) => route.fulfill({ contentType: "text/javascript", body: script }));
      await page.route("http://app.example.org/health/live", (route) => route.fulfill({ contentType: "text/html", body: "<html></html>" }));
      await page.goto(pageOf(origin));
      await page.addScriptTag({ type: "module", content: 'import * as hub from "/realtimehub.js"; globalThis.realtimeHub = hub;' });
      await page.waitForFunction(() => "realtimeHub" in globalThis);
      await page.evaluate(([url, token]) => void new realtimeHub.PushClient({ url, token: async () => token }).start(), [
        node.hubUrl,
        somebodysToken,
      ] as const);
      await expect.poll(() => watch.lines.join(), { timeout: 25_000 }).toContain("RealtimeHub");
      expect(watch.secrets).toEqual([]);
      return watch;
    }

    test("whose origin is not allowed is named, with that origin", async () => {
      const other = await HubNode.start();
      onTestFinished(() => other.kill());

      const { lines } = await consoleOf(other.url);

      expect(lines.filter((line) => line.includes("RealtimeHub"))).toEqual([
        expect.stringMatching(`^warning: .*Origins:Allowed.*${other.url}`),
      ]);
    });

    test("that comes from the world and wants to reach a hub on this machine is named", async () => {
      const { lines } = await consoleOf("http://app.example.org");

      expect(lines.join()).toContain("Local Network Access");
    });
  });
});
