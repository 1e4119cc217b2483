import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { HeaderEventSource } from "../../src/transport/HeaderEventSource.js";
import { listen } from "../fixtures/listen.js";

describe("The event source", () => {
  let server: Server;
  let url: string;
  let answer: (response: ServerResponse) => void;
  let requests: IncomingMessage[];

  beforeEach(async () => {
    requests = [];
    server = createServer((request, response) => {
      requests.push(request);
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

    const source = new HeaderEventSource(`${url}/hub?id=7&access_token=wstoken1`);

    await expect.poll(() => requests).toHaveLength(1);
    source.close();
    expect(requests[0]?.url).toBe("/hub?id=7");
    expect(requests[0]?.headers.authorization).toBe("Bearer wstoken1");
  });

  test("opens, brings every event, and ends with the stream", async () => {
    answer = (response) => response.end("data: één\r\n\r\ndata: two\r\n\r\n");
    const calls: string[] = [];

    const source = new HeaderEventSource(url);
    source.onopen = () => void calls.push("open");
    source.onmessage = ({ data }) => void calls.push(data);
    source.onerror = () => void calls.push("error");

    await expect.poll(() => calls).toEqual(["open", "één", "two", "error"]);
  });

  test("fails without opening, and asks only once, when it is refused", async () => {
    answer = (response) => response.writeHead(401).end();
    const calls: string[] = [];

    const source = new HeaderEventSource(url);
    source.onopen = () => void calls.push("open");
    source.onerror = () => void calls.push("error");

    await expect.poll(() => calls).toEqual(["error"]);
    expect(requests).toHaveLength(1);
  });

  test("ends the request and says nothing more once it is closed", async () => {
    const ended = vi.fn();
    answer = (response) => response.on("close", ended).write("data: one\r\n\r\n");
    const onerror = vi.fn();

    const source = new HeaderEventSource(url);
    source.onmessage = () => source.close();
    source.onerror = onerror;

    await expect.poll(() => ended).toHaveBeenCalled();
    expect(onerror).not.toHaveBeenCalled();
  });
});
