import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Socket } from "node:net";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { WebSocket as NodeSocket, WebSocketServer } from "ws";
import { Attempt } from "../../src/transport/Attempt.js";
import { AttemptSocket } from "../../src/transport/AttemptSocket.js";
import { listen } from "../fixtures/listen.js";

describe.each(["Node", "a page"])("The socket of an attempt in %s", (where) => {
  let server: Server;
  let sockets: WebSocketServer;
  let url: string;
  let attempt: Attempt;
  let swallows: boolean;
  let connections: Socket[];

  beforeEach(async () => {
    if (where === "a page") {
      vi.stubGlobal("document", {});
      vi.stubGlobal("WebSocket", NodeSocket);
    }

    attempt = new Attempt();
    connections = [];
    swallows = false;
    server = createServer();
    sockets = new WebSocketServer({ noServer: true, handleProtocols: (offered) => (offered.has("realtimehub") ? "realtimehub" : false) });
    server.on("connection", (socket) => connections.push(socket));
    server.on("upgrade", (request, socket, head) => {
      if (swallows) {
        socket
          .on("end", () => socket.destroy())
          .on("error", () => {})
          .resume();
      } else {
        sockets.handleUpgrade(request, socket, head, (client) => sockets.emit("connection", client, request));
      }
    });
    url = (await listen(server)).replace("http", "ws");
  });

  afterEach(() => {
    vi.unstubAllGlobals();
    connections.forEach((socket) => socket.destroy());
    server.close();
  });

  async function requestOf(path: string, headers?: Record<string, string>): Promise<IncomingMessage> {
    const connected = once(sockets, "connection") as Promise<[NodeSocket, IncomingMessage]>;
    new AttemptSocket(attempt, url + path, headers);
    const [, request] = await connected;
    return request;
  }

  async function opened(): Promise<AttemptSocket> {
    const socket = new AttemptSocket(attempt, url);
    await new Promise<void>((resolve) => (socket.onopen = resolve));
    return socket;
  }

  /** How the stock client hands over a token: by the header where it thinks that there are some, by the URL where not. */
  const ways = [
    ["/hub?id=7&access_token=wstoken1", {}],
    ["/hub?id=7", { Authorization: "Bearer wstoken1" }],
  ] as const;

  test.each(where === "Node" ? ways.slice(1) : ways)("keeps the token out of the URL (%s)", async (path, headers) => {
    const request = await requestOf(path, headers);

    expect(request.url).toBe("/hub?id=7");
    expect(request.headers[where === "Node" ? "authorization" : "sec-websocket-protocol"]).toMatch(/^(Bearer |realtimehub, ?)wstoken1$/);
  });

  test("offers nothing where there is no token", async () => {
    const request = await requestOf("/hub");

    expect(request.headers["sec-websocket-protocol"]).toBeUndefined();
    expect(request.headers.authorization).toBeUndefined();
  });

  test("has the constant that the stock client compares with", async () => {
    expect((await opened()).readyState).toBe(AttemptSocket.OPEN);
  });

  test("closes at once when its attempt is over, while it is being opened", async () => {
    swallows = true;
    const socket = new AttemptSocket(attempt, url);
    const onclose = vi.fn();
    socket.onclose = onclose;
    await expect.poll(() => connections).toHaveLength(1);

    attempt.end();

    expect(onclose).toHaveBeenCalledTimes(1);
    await expect.poll(() => connections[0]?.destroyed).toBe(true);
    expect(onclose).toHaveBeenCalledTimes(1);
  });

  test("closes at once when its attempt is over, though the peer does not answer any more", async () => {
    const socket = await opened();
    const onclose = vi.fn();
    socket.onclose = onclose;
    connections[0]?.pause();

    attempt.end();

    expect(onclose).toHaveBeenCalledWith({ wasClean: false, code: 1006, reason: "" });
    connections[0]?.resume();
    await expect.poll(() => connections[0]?.destroyed).toBe(true);
  });

  test("sends a close frame when it is closed, and is not ended by the end of its attempt", async () => {
    const closed = once(sockets, "connection").then(([client]) => once(client as NodeSocket, "close")) as Promise<[number]>;
    const socket = await opened();

    socket.close();
    attempt.end();

    expect((await closed)[0]).toBe(1005);
  });

  test("never opens for an attempt that is over", () => {
    attempt.end();

    expect(() => new AttemptSocket(attempt, url)).toThrow("given up");
    expect(connections).toEqual([]);
  });

  test.each([
    ['{"error":"Handshake was canceled."}\u001e', "The hub refused the handshake: Handshake was canceled."],
    ['{"type":6}\u001e', "What answers there does not speak as a hub does."],
    ["hello", "What answers there does not speak as a hub does."],
    ["null\u001e", "What answers there does not speak as a hub does."],
  ])("ends its attempt where the handshake is answered by %j, and shows that to nobody", async (answer, message) => {
    sockets.on("connection", (client) => client.send(answer));
    const onmessage = vi.fn();
    const socket = new AttemptSocket(attempt, url);
    socket.onmessage = onmessage;

    await expect.poll(() => attempt.signal.aborted).toBe(true);

    expect(attempt.signal.reason).toMatchObject({ name: "ConnectionError", message });
    expect(onmessage).not.toHaveBeenCalled();
  });

  test("passes on everything that comes after the hub's consent", async () => {
    sockets.on("connection", (client) => ["{}\u001e", '{"type":6}\u001e', "what else"].forEach((text) => client.send(text)));
    const received: unknown[] = [];
    const socket = new AttemptSocket(attempt, url);
    socket.onmessage = ({ data }) => void received.push(data);

    await expect.poll(() => received).toEqual(["{}\u001e", '{"type":6}\u001e', "what else"]);
  });
});
