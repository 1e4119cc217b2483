import { createServer, type IncomingMessage, type Server } from "node:http";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ConnectionError, SignInRequiredError, tokenFrom } from "../src/index.js";
import { listen } from "./fixtures/listen.js";

describe("tokenFrom", () => {
  let server: Server;
  let url: string;
  let answer: { readonly status: number; readonly body: string };
  let requests: IncomingMessage[];

  beforeEach(async () => {
    requests = [];
    server = createServer((request, response) => {
      requests.push(request);
      response.writeHead(answer.status).end(answer.body);
    });
    url = await listen(server);
  });

  afterEach(() => {
    vi.unstubAllGlobals();
    server.close();
  });

  /** The page has an element `<meta name="hub-token">`, until it is removed. */
  function renderToken(content: string, dataset: Readonly<Record<string, string>>): void {
    const page = { querySelector: (): unknown => meta };
    let meta: unknown = { content, dataset, remove: () => (meta = null) };
    vi.stubGlobal("document", page);
  }

  test("posts for every token, and reads it from the answer", async () => {
    answer = { status: 201, body: '{"token":"wstoken1","expiresIn":20}' };
    const token = tokenFrom(url);

    await expect(token()).resolves.toMatchObject({ token: "wstoken1" });
    await expect(token()).resolves.toMatchObject({ token: "wstoken1" });

    expect(requests.map((request) => request.method)).toEqual(["POST", "POST"]);
    expect(requests[0]?.headers.accept).toBe("application/json");
  });

  test("reads the cursors that came along, and only those that are some", async () => {
    answer = { status: 201, body: '{"token":"wstoken1","cursors":{"user:alice":"1-1","everyone":7}}' };

    await expect(tokenFrom(url)()).resolves.toEqual({ token: "wstoken1", cursors: { "user:alice": "1-1" } });
  });

  test("begins with what the page brought along, once", async () => {
    answer = { status: 201, body: '{"token":"wstoken2"}' };
    renderToken("wstoken1", { cursors: '{"user:alice":"1-1"}' });
    const token = tokenFrom(url);

    await expect(token()).resolves.toEqual({ token: "wstoken1", cursors: { "user:alice": "1-1" } });
    await expect(token()).resolves.toMatchObject({ token: "wstoken2" });
  });

  const pagesWithoutCursors: Record<string, string>[] = [
    {},
    { cursors: "" },
    { cursors: "{" },
    { cursors: "null" },
    { cursors: '["1-1"]' },
  ];

  test.each(pagesWithoutCursors)("does without cursors on a page with %j", async (dataset) => {
    renderToken("wstoken1", dataset);

    await expect(tokenFrom(url)()).resolves.toEqual({ token: "wstoken1", cursors: {} });
  });

  test("does without cursors where the web application tells none", async () => {
    answer = { status: 201, body: '{"token":"wstoken1","cursors":"1-1"}' };

    await expect(tokenFrom(url)()).resolves.toEqual({ token: "wstoken1", cursors: {} });
  });

  test("sends the headers that the web application asks for", async () => {
    answer = { status: 200, body: '{"token":"wstoken1"}' };

    await tokenFrom(url, { headers: { "X-CSRFToken": "abc" } })();

    expect(requests[0]?.headers["x-csrftoken"]).toBe("abc");
  });

  test("asks for headers each time, be it a promise of them that it gets", async () => {
    answer = { status: 200, body: '{"token":"wstoken1"}' };
    let count = 0;
    const [now, later] = [() => ({ "X-CSRFToken": `now ${++count}` }), async () => ({ "X-CSRFToken": `later ${++count}` })];

    for (const token of [tokenFrom(url, { headers: now }), tokenFrom(url, { headers: later })]) {
      await token();
      await token();
    }

    expect(requests.map(({ headers }) => headers["x-csrftoken"])).toEqual(["now 1", "now 2", "later 3", "later 4"]);
  });

  test.each([
    [undefined, "same-origin"],
    ["include", "include"],
    ["omit", "omit"],
  ] as const)("sends cookies as it is told (%s)", async (credentials, sent) => {
    const fetching = vi.fn(async (..._: Parameters<typeof fetch>) => Response.json({ token: "wstoken1" }));
    vi.stubGlobal("fetch", fetching);

    await tokenFrom(url, credentials && { credentials })();

    expect(fetching.mock.calls[0]?.[1]?.credentials).toBe(sent);
  });

  test("ends its request when nobody waits for it any more", async () => {
    const over = new AbortController();
    server.removeAllListeners("request").on("request", () => over.abort());

    await expect(tokenFrom(url)(over.signal)).rejects.toBeInstanceOf(ConnectionError);
  });

  describe("where the endpoint redirects", () => {
    let there: { readonly status: number; readonly body: string };
    let how: number;

    beforeEach(() => {
      server.removeAllListeners("request").on("request", (request, response) => {
        requests.push(request);
        const { status, body } = request.url === "/" ? { status: how, body: "" } : there;
        response.writeHead(status, { location: "/there" }).end(body);
      });
    });

    test.each([301, 302, 303, 307, 308])("with %d to a page for signing in, takes it for one", async (status) => {
      [how, there] = [status, { status: 200, body: "<html>Sign in" }];

      await expect(tokenFrom(url)()).rejects.toBeInstanceOf(SignInRequiredError);
    });

    test("takes that it cannot follow for one as well, for a page may not", async () => {
      [how, there] = [302, { status: 302, body: "" }];

      await expect(tokenFrom(url)()).rejects.toBeInstanceOf(SignInRequiredError);
    });

    test("knows a redirect by the little that a page sees of it", async () => {
      const opaque = Object.defineProperties(Response.json(null), {
        type: { value: "opaqueredirect" },
        status: { value: 0 },
        ok: { value: false },
      });
      vi.stubGlobal("fetch", vi.fn().mockResolvedValueOnce(opaque).mockRejectedValueOnce(new TypeError("Failed to fetch")));

      await expect(tokenFrom(url)()).rejects.toBeInstanceOf(SignInRequiredError);
    });

    test.each([307, 308])("with %d to where the tokens are now, gets one there", async (status) => {
      [how, there] = [status, { status: 200, body: '{"token":"wstoken1"}' }];

      await expect(tokenFrom(url)()).resolves.toMatchObject({ token: "wstoken1" });
      expect(requests.at(-1)?.method).toBe("POST");
    });

    test("to what fails there, tries again later", async () => {
      [how, there] = [307, { status: 503, body: "" }];

      await expect(tokenFrom(url)()).rejects.toBeInstanceOf(ConnectionError);
    });
  });

  test.each([401, 403])("takes %d to mean that the user must sign in again", async (status) => {
    answer = { status, body: "" };

    await expect(tokenFrom(url)()).rejects.toBeInstanceOf(SignInRequiredError);
  });

  test("says so when the web application cannot be reached", async () => {
    server.close();

    const message: unknown = expect.stringMatching(
      `^The token endpoint at ${url}/ could not be reached: connect ECONNREFUSED [^ ]+. Is it there\\?$`,
    );
    await expect(tokenFrom(`${url}?secret=1`)()).rejects.toMatchObject({ code: "connection_failed", message });
  });

  test.each([
    ["a failing web application", { status: 500, body: '{"token":"wstoken1"}' }],
    ["an answer that is not JSON", { status: 200, body: "<html>" }],
    ["an answer without a token", { status: 200, body: '{"jeton":"wstoken1"}' }],
    ["a token that is no string", { status: 200, body: '{"token":1}' }],
  ])("takes %s for a failure that may pass", async (_, given) => {
    answer = given;

    const failure = await tokenFrom(url)().catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(ConnectionError);
    expect(String(failure)).not.toContain("wstoken");
  });
});
