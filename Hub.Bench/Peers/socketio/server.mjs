// Socket.IO as its documentation writes it: rooms, the Redis adapter, a middleware that authenticates.
import { createHash, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { createAdapter } from "@socket.io/redis-adapter";
import { createClient } from "redis";
import { Server } from "socket.io";

const { values: given } = parseArgs({
  options: { port: { type: "string" }, redis: { type: "string", default: "127.0.0.1:6379" } },
});
const key = process.env.BENCH_API_KEY;
if (!given.port || !key) throw new Error("Give --port, and the API's key in BENCH_API_KEY.");

const pubClient = createClient({ url: `redis://${given.redis}` });
const subClient = pubClient.duplicate();
for (const client of [pubClient, subClient]) client.on("error", (error) => console.error("Redis:", error.message));
await Promise.all([pubClient.connect(), subClient.connect()]);

const httpServer = createServer((request, response) => void answer(request, response));
const io = new Server(httpServer, {
  adapter: createAdapter(pubClient, subClient),
  transports: ["websocket"],
  serveClient: false,
});

const sha256 = (text) => createHash("sha256").update(text).digest();

/** The record the token was minted with, or null. One command reads it and leaves a tombstone, so that of two at once one gets it. */
async function spend(token) {
  const stored = await pubClient.set(`hub:token:${sha256(token).toString("hex")}`, "spent", {
    condition: "XX",
    GET: true,
    expiration: { type: "EX", value: 60 },
  });
  return stored === null || stored === "spent" ? null : JSON.parse(stored);
}

io.use(async (socket, next) => {
  const record = await spend(String(socket.handshake.query.access_token)).catch(() => null);
  if (!record) return next(new Error("unauthorized"));
  socket.data.rooms = [`user:${record.sub}`, ...(record.groups ?? []).map((name) => `group:${name}`)];
  next();
});

io.on("connection", (socket) => {
  socket.join(socket.data.rooms);
  // "Memory usage" advises it on the engine's "connection", but there the middleware above has not read this request's query yet.
  socket.conn.request = null;
});

const keyHash = sha256(key);
const isAllowed = (request) => timingSafeEqual(sha256(request.headers["x-api-key"] ?? ""), keyHash);

const PUBLISH = /^\/api\/(?:(user|group)s\/([^/]+)|everyone)\/messages$/;
let lastId = 0;

async function answer(request, response) {
  if (request.method === "GET" && request.url === "/health/ready") return ready(response);
  const address = request.method === "POST" && PUBLISH.exec(request.url);
  if (!address) return send(response, 404);
  if (!isAllowed(request)) return send(response, 401);
  try {
    publish(address, JSON.parse(await read(request)));
  } catch {
    return send(response, 400);
  }
  send(response, 202, JSON.stringify({ id: String(++lastId) }));
}

function publish([, kind, name], { type, payload }) {
  const audience = kind ? io.to(`${kind}:${decodeURIComponent(name)}`) : io;
  audience.emit("Receive", { type, payload });
}

/** A client that is not ready would hold the PING back until it is. */
async function ready(response) {
  const answered = pubClient.isReady && (await pubClient.ping().catch(() => null));
  send(response, answered ? 200 : 503);
}

function read(request) {
  return new Promise((resolve, reject) => {
    let body = "";
    request.setEncoding("utf8");
    request.on("data", (chunk) => (body += chunk)).on("end", () => resolve(body)).on("error", reject);
  });
}

function send(response, status, json = "") {
  response.writeHead(status, { "Content-Type": "application/json", "Content-Length": Buffer.byteLength(json) }).end(json);
}

process.on("SIGUSR2", () => {
  globalThis.gc?.();
  console.error("garbage collected");
});
process.on("SIGTERM", () => process.exit(0));

httpServer.listen({ port: Number(given.port), host: "127.0.0.1", backlog: 4096 });
