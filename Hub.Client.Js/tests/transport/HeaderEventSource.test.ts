import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Attempt } from "../../src/transport/Attempt.js";
import { HeaderEventSource } from "../../src/transport/HeaderEventSource.js";
import { listen } from "../fixtures/listen.js";

describe("The event source", () => {
  let server: Server;
  let url: string;
  let answer: (response: ServerResponse) => void;
  let requests: IncomingMessage[];
  let responses: ServerResponse[];

  beforeEach(async () => {
    [requests, responses] = [[], []];
    server = createServer((request, response) => {
      requests.push(request);
      responses.push(response);
      answer(response);
    });
    url = await listen(server);
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  test("sends the token as a header and not in the URL", async () => {
    answer = (response) => response.end();

    const source = new HeaderEventSource(new Attempt(), `${url}/hub?id=7&access_token=wstoken1`);

    await expect.poll(() => requests).toHaveLength(1);
    source.close();
    expect(requests[0]?.url).toBe("/hub?id=7");
    expect(requests[0]?.headers.authorization).toBe("Bearer wstoken1");
  });

  test("opens, brings every event, and ends with the stream", async () => {
    answer = (response) => response.end("data: één\r\n\r\ndata: two\r\n\r\n");
    const calls: string[] = [];

    const source = new HeaderEventSource(thatHasShakenHands(), url);
    source.onopen = () => void calls.push("open");
    source.onmessage = ({ data }) => void calls.push(data);
    source.onerror = () => void calls.push("error");

    await expect.poll(() => calls).toEqual(["open", "één", "two", "error"]);
  });

  test("fails without opening, and asks only once, when it is refused", async () => {
    answer = (response) => response.writeHead(401).end();
    const calls: string[] = [];

    const source = new HeaderEventSource(new Attempt(), url);
    source.onopen = () => void calls.push("open");
    source.onerror = () => void calls.push("error");

    await expect.poll(() => calls).toEqual(["error"]);
    expect(requests).toHaveLength(1);
  });

  test("ends the request and says nothing more once it is closed", async () => {
    const ended = vi.fn();
    answer = (response) => response.on("close", ended).write("data: one\r\n\r\n");
    const onerror = vi.fn();

    const source = new HeaderEventSource(thatHasShakenHands(), url);
    source.onmessage = () => source.close();
    source.onerror = onerror;

    await expect.poll(() => ended).toHaveBeenCalled();
    expect(onerror).not.toHaveBeenCalled();
  });

  test("is not open before something has come through the stream", async () => {
    answer = (response) => response.flushHeaders();
    const onopen = vi.fn();

    const source = new HeaderEventSource(new Attempt(), url);
    source.onopen = onopen;
    await expect.poll(() => requests).toHaveLength(1);
    await new Promise(setImmediate);
    expect(onopen).not.toHaveBeenCalled();
    responses[0]?.write("\r\n");

    await expect.poll(() => onopen).toHaveBeenCalledTimes(1);
    source.close();
  });

  test.each(["while it waits for headers", "while it waits for events"])(
    "fails, and ends the request, when its attempt is over %s",
    async (when) => {
      const ended = vi.fn();
      answer = (response) => void (when.includes("headers") || response.write("\r\n"), response.on("close", ended));
      const onerror = vi.fn();
      const attempt = new Attempt();
      const source = new HeaderEventSource(attempt, url);
      source.onerror = onerror;
      await expect.poll(() => requests).toHaveLength(1);

      attempt.end();

      await expect.poll(() => ended).toHaveBeenCalled();
      expect(onerror).toHaveBeenCalledTimes(1);
    },
  );

  test("never opens for an attempt that is over", () => {
    const attempt = new Attempt();
    attempt.end();

    expect(() => new HeaderEventSource(attempt, url)).toThrow("given up");
    expect(requests).toEqual([]);
  });

  test("ends its attempt with what its owner throws", async () => {
    answer = (response) => response.end("data: one\r\n\r\n");
    const attempt = thatHasShakenHands();

    const source = new HeaderEventSource(attempt, url);
    source.onerror = () => {
      throw new Error("The owner did not expect that.");
    };

    await expect.poll(() => attempt.signal.aborted).toBe(true);
    expect(attempt.signal.reason).toMatchObject({ name: "ConnectionError", message: "The owner did not expect that." });
  });

  function thatHasShakenHands(): Attempt {
    const attempt = new Attempt();
    expect(attempt.admits("{}\u001e")).toBe(true);
    return attempt;
  }
});
