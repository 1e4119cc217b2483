import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocket as NodeWebSocket, WebSocketServer } from "ws";
import { withTokenAsSubprotocol } from "../../src/transport/withTokenAsSubprotocol.js";
import { listen } from "../fixtures/listen.js";

describe("A socket with the token as its subprotocol", () => {
  const Socket = withTokenAsSubprotocol(NodeWebSocket as unknown as typeof WebSocket);
  let server: Server;
  let sockets: WebSocketServer;
  let url: string;

  beforeEach(async () => {
    server = createServer();
    sockets = new WebSocketServer({ server, handleProtocols: (offered) => (offered.has("realtimehub") ? "realtimehub" : false) });
    url = (await listen(server)).replace("http", "ws");
  });

  afterEach(() => {
    sockets.clients.forEach((socket) => socket.terminate());
    server.close();
  });

  async function requestOf(open: () => WebSocket): Promise<{ request: IncomingMessage; socket: WebSocket }> {
    const connected = once(sockets, "connection") as Promise<[unknown, IncomingMessage]>;
    const socket = open();
    const [, request] = await connected;
    return { request, socket };
  }

  test("keeps the token out of the URL", async () => {
    const { request, socket } = await requestOf(() => new Socket(`${url}/hub?id=7&access_token=wstoken1`));

    expect(request.url).toBe("/hub?id=7");
    expect(socket.url).not.toContain("wstoken1");
  });

  test("offers the hub's word first, which the hub selects, and the token after it", async () => {
    const { request, socket } = await requestOf(() => new Socket(`${url}/hub?access_token=wstoken1`));

    expect(request.headers["sec-websocket-protocol"]).toMatch(/^realtimehub, ?wstoken1$/);
    await expect.poll(() => socket.protocol).toBe("realtimehub");
  });

  test("offers nothing where there is no token", async () => {
    const { request } = await requestOf(() => new Socket(`${url}/hub`));

    expect(request.headers["sec-websocket-protocol"]).toBeUndefined();
  });

  test("has the constants of its base class, which the stock client compares with", () => {
    expect(Socket.OPEN).toBe(1);
  });
});
