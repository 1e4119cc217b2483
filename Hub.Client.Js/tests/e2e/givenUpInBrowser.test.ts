import { createServer, type Server } from "node:http";
import type { Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import type * as RealtimeHub from "../../src/index.js";
import { listen } from "../fixtures/listen.js";
import { Chromium } from "./fixtures/Chromium.js";

declare const realtimeHub: typeof RealtimeHub;

/** From the sixth request on that hangs, a browser sends no more to the same place. */
const attempts = 8;

describe("Attempts that a page gives up", () => {
  const sockets = new Set<Socket>();
  const swallowed = { upgrades: 0, requests: 0 };
  let server: Server;
  let url: string;
  let chromium: Chromium;

  beforeAll(async () => {
    const entry = fileURLToPath(new URL("../../src/index.ts", import.meta.url));
    const define = { process: "undefined", require: "undefined" };
    const { outputFiles } = await build({
      entryPoints: [entry],
      bundle: true,
      platform: "browser",
      format: "iife",
      globalName: "realtimeHub",
      define,
      write: false,
    });
    server = createServer((request, response) => {
      if (request.url?.startsWith("/hub")) {
        swallowed.requests++;
      } else {
        response.writeHead(200, { "content-type": "text/html" }).end(`<script>${outputFiles[0]?.text}</script>`);
      }
    });
    server.on("connection", (socket) => sockets.add(socket.on("close", () => sockets.delete(socket))));
    server.on("upgrade", (_, socket) => {
      swallowed.upgrades++;
      socket
        .on("end", () => socket.destroy())
        .on("error", () => {})
        .resume();
    });
    url = await listen(server);
    chromium = await Chromium.start();
  });

  afterAll(async () => {
    await chromium.stop();
    server.closeAllConnections();
    sockets.forEach((socket) => socket.destroy());
    server.close();
  });

  test("leave its way to the hub free, whatever was swallowed", async () => {
    const page = await chromium.newPage();
    onTestFinished(() => page.close());
    await page.clock.install();
    await page.goto(url);
    await page.evaluate(
      () => void new realtimeHub.PushClient({ url: "/hub", token: async () => "t1", retry: { firstMs: 1, maxMs: 1 } }).start(),
    );

    for (let attempt = 1; attempt <= attempts; attempt++) {
      await expect.poll(() => swallowed.upgrades).toBe(attempt);
      await page.clock.runFor(5_000);
      await expect.poll(() => swallowed.requests).toBe(attempt);
      await page.clock.runFor(5_001);
    }

    expect(await page.evaluate(async () => (await fetch("/page")).status)).toBe(200);
    await expect.poll(() => sockets.size).toBeLessThanOrEqual(4);
  });
});
