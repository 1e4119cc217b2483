import { WebSocket as NodeSocket } from "ws";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Connector } from "../../src/connecting/Connector.js";
import type { OpenConnection } from "../../src/connecting/OpenConnection.js";
import { ReconnectPolicy } from "../../src/connecting/ReconnectPolicy.js";
import { ReconnectSecret } from "../../src/connecting/ReconnectSecret.js";
import { StoppedError } from "../../src/index.js";
import { FakeClock } from "../fixtures/FakeClock.js";
import { FakeHub } from "../fixtures/FakeHub.js";
import { numberedTokens } from "../fixtures/numberedTokens.js";

const fiveMinutes = 5 * 60_000;

describe("A client that was given a secret to come back with", () => {
  let hub: FakeHub;
  let clock: FakeClock;
  let stop: AbortController;
  let secret: ReconnectSecret;
  let connector: Connector;
  let connection: OpenConnection;
  let received: () => void;

  beforeEach(async () => {
    hub = await FakeHub.start();
    clock = new FakeClock();
    stop = new AbortController();
    secret = new ReconnectSecret(clock);
    let given = 0;
    hub.details = () => ({ reconnectSecret: `wsreconnectYWxpY2U.${++given}`, later: "unknown" });
    connector = new Connector(hub.url, numberedTokens(), clock, new ReconnectPolicy(), (error) => expect.fail(String(error)));
    connection = await connect();
    await taken();
  });

  afterEach(async () => {
    vi.unstubAllGlobals();
    await connection.close();
    await hub.stop();
  });

  async function connect(attempt = 0): Promise<OpenConnection> {
    const listener = { offered: () => {}, received: () => received(), headsTold: () => {}, renewed: () => {}, unreadable: () => {} };
    return await connector.connect(attempt, secret, listener, stop.signal);
  }

  /** Returns when the client has taken in all that the hub has called before. */
  async function taken(): Promise<void> {
    const arrived = new Promise<void>((resolve) => (received = resolve));
    hub.push("taken");
    await arrived;
  }

  /** Everything that was shown since the last time; of a secret its number. */
  function shown(): string[] {
    return hub.requests.splice(0).map(({ kind, token = "" }) => `${kind} ${token.replace("wsreconnectYWxpY2U.", "secret ")}`);
  }

  async function drop(): Promise<void> {
    hub.drop();
    await connection.closed;
    hub.requests.length = 0;
  }

  function refuseSecrets(status: number): void {
    hub.refuses = (credential) => (credential?.startsWith("wsreconnect") ? status : undefined);
  }

  /** As in a page, whose WebSocket does not say why it failed. */
  function beInPage(): void {
    vi.stubGlobal("document", {});
    vi.stubGlobal("WebSocket", NodeSocket);
  }

  async function fails(attempt = 0): Promise<unknown> {
    return await connect(attempt).then(
      () => expect.fail("connected"),
      (error: unknown) => error,
    );
  }

  test("shows it instead of a token, and then the one that the new connection was given", async () => {
    await drop();
    connection = await connect();
    await taken();
    expect(shown()).toEqual(["websocket secret 1"]);

    await drop();
    connection = await connect();

    expect(shown()).toEqual(["websocket secret 2"]);
  });

  test("shows it where it negotiates as well, and then the grant", async () => {
    await drop();
    hub.refusal = undefined;
    hub.swallows.add("upgrade");

    const connecting = connect(2);
    await expect.poll(() => hub.requests).toHaveLength(1);
    clock.advance(5_000);
    connection = await connecting;

    expect(shown()).toEqual(["websocket secret 1", "negotiate secret 1", "stream wsgrant"]);
  });

  test("asks for a token in the same attempt where the hub does not know it", async () => {
    await drop();
    refuseSecrets(401);

    connection = await connect();

    expect(shown()).toEqual(["websocket secret 1", "websocket t2"]);
  });

  test("shows a token where the secret was let in and the connection did not open", async () => {
    await drop();
    hub.handshakeAnswer = '{"error":"Handshake was canceled."}';
    await fails();
    expect(shown()).toEqual(["websocket secret 1", "websocket t2"]);
    hub.handshakeAnswer = "{}";

    connection = await connect();

    expect(shown()).toEqual(["websocket t3"]);
  });

  test.each([503, 429, 0])("keeps it where the answer is %d, however often", async (status) => {
    await drop();
    refuseSecrets(status);
    for (let attempt = 0; attempt < 5; attempt++) {
      await fails();
    }

    hub.refuses = () => undefined;
    connection = await connect();

    expect(shown()).toEqual(Array(6).fill("websocket secret 1"));
  });

  test.each(["ended", "banned", "token_expired", "renewal_missed"])("shows a token after the end '%s'", async (code) => {
    hub.sayClose({ error: `${code}: So be it.`, allowReconnect: true });
    await connection.closed;
    shown();

    connection = await connect();

    expect(shown()).toEqual(["websocket t2"]);
  });

  test.each(["node_stopping", "too_slow"])("comes back with it after the end '%s'", async (code) => {
    hub.sayClose({ error: `${code}: So be it.`, allowReconnect: true });
    await connection.closed;
    shown();

    connection = await connect();

    expect(shown()).toEqual(["websocket secret 1"]);
  });

  test("shows it until five minutes after something came in last, however late it notices the end", async () => {
    clock.advance(60_000);
    await taken();
    clock.advance(fiveMinutes - 1_000);
    await drop();

    clock.advance(1_000);
    refuseSecrets(503);
    await fails();
    expect(shown()).toEqual(["websocket secret 1"]);

    clock.advance(1);
    connection = await connect();
    expect(shown()).toEqual(["websocket t2"]);
  });

  test("may show it as long as its connection is open", () => {
    clock.advance(fiveMinutes * 100);

    expect(secret.current).toBe("wsreconnectYWxpY2U.1");
  });

  test.each([7, "", "wstokenA", "wsreconnect A", null])("takes no %j for one", async (reconnectSecret) => {
    hub.tellConnected({ reconnectSecret });
    await taken();

    expect(secret.current).toBe("wsreconnectYWxpY2U.1");
  });

  test("shows nothing more once it is stopped", async () => {
    await drop();
    hub.swallows.add("upgrade");
    const failing = fails(2);
    await expect.poll(() => hub.requests).toHaveLength(1);

    stop.abort();

    expect(await failing).toBeInstanceOf(StoppedError);
    expect(shown()).toEqual(["websocket secret 1"]);
  });

  describe("in a page", () => {
    beforeEach(beInPage);

    test("asks for a token at the third attempt of which it cannot see why it fails", async () => {
      await drop();
      refuseSecrets(0);
      await fails();
      await fails();
      expect(shown()).toEqual(["websocket secret 1", "websocket secret 1"]);

      connection = await connect();

      expect(shown()).toEqual(["websocket secret 1", "websocket t2"]);
    });

    test("is told by a negotiate that the secret is unknown, and begins with a WebSocket again", async () => {
      await drop();
      const unlessNegotiated = () => (hub.requests.at(-1)?.kind === "negotiate" ? 401 : 0);
      hub.refuses = (credential) => (credential?.startsWith("wsreconnect") ? unlessNegotiated() : undefined);

      connection = await connect(2);

      expect(shown()).toEqual(["websocket secret 1", "negotiate secret 1", "websocket t2"]);
    });

    test("keeps it where a negotiate tells that the hub can let nobody in", async () => {
      await drop();
      hub.refuses = () => (hub.requests.at(-1)?.kind === "negotiate" ? 503 : 0);

      for (let count = 0; count < 5; count++) {
        expect(await fails(2)).toMatchObject({ status: 503 });
      }

      expect(shown().slice(-2)).toEqual(["websocket secret 1", "negotiate secret 1"]);
    });
  });
});
