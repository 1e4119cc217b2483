import { HubConnectionBuilder, LogLevel } from "@microsoft/signalr";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { toPushError } from "../../src/errors/toPushError.js";
import { ConnectionError, PushError, RefusedError, SignInRequiredError } from "../../src/index.js";
import { FakeHub } from "../fixtures/FakeHub.js";
import { problem } from "../fixtures/problem.js";

describe("What the stock client throws", () => {
  let hub: FakeHub;

  beforeEach(async () => void (hub = await FakeHub.start()));
  afterEach(() => hub.stop());

  async function failureOfNegotiating(refusal: { status: number; body: string }): Promise<PushError> {
    hub.refusal = refusal;
    const connection = new HubConnectionBuilder().withUrl(hub.url).configureLogging(LogLevel.None).build();
    return connection.start().then(() => expect.fail("connected"), toPushError);
  }

  test.each([
    [401, "token_spent"],
    [403, "origin_refused"],
    [404, "connection_unknown"],
    [503, "store_unavailable"],
  ])("becomes a refusal with status %d and code %s", async (status, code) => {
    const failure = await failureOfNegotiating(problem(status, code));

    expect(failure).toBeInstanceOf(RefusedError);
    expect(failure).toMatchObject({ name: "RefusedError", status, code });
    expect(failure.message).toBe(`The hub refused the connection with ${status} ${code}. Because {of} reasons.`);
  });

  const bodiesOfProxies = ["<html>Bad gateway</html>", "", "{", '{"error":"other"}', "null"];

  test.each(bodiesOfProxies)("is no refusal if the body is '%s', for a proxy wrote it", async (body) => {
    const failure = await failureOfNegotiating({ status: 502, body });

    expect(failure).toBeInstanceOf(ConnectionError);
    expect(failure.message).toContain("502");
  });

  test("is read in no time, however long a page some proxy has made of it", () => {
    const page = `${"<p>Sorry</p>".repeat(50_000)}{}`;
    const before = performance.now();

    toPushError(new Error(`Failed: ${page}: Status code '502'`));
    toPushError(new Error(page));

    expect(performance.now() - before).toBeLessThan(500);
  });

  test("keeps its words where there was no answer at all", () => {
    const failure = toPushError(new Error("Server timeout elapsed."));

    expect(failure).toMatchObject({ name: "ConnectionError", code: "connection_failed", message: "Server timeout elapsed." });
  });

  test("is left alone where it is ours already", () => {
    const error = new SignInRequiredError();

    expect(toPushError(error)).toBe(error);
    expect(error).toBeInstanceOf(PushError);
  });
});
