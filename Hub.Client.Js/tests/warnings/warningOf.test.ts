import { describe, expect, test } from "vitest";
import { ConnectionError, RefusedError, SignInRequiredError } from "../../src/index.js";
import { TokenError } from "../../src/errors/TokenError.js";
import { UnreachableError } from "../../src/errors/UnreachableError.js";
import type { Page } from "../../src/warnings/Page.js";
import { warningOf } from "../../src/warnings/warningOf.js";

const hub = "https://user:secret@hub.example.org/hub?key=secret#secret";
const unreachable = new UnreachableError("https://hub.example.org/hub/negotiate?secret=1", new TypeError("Failed to fetch"));
const silence = new ConnectionError("There was no answer within 15 seconds.");
const localNetwork = "(Local Network Access)";

function page(origin: string): Page {
  return new URL(origin);
}

describe("The warning of a failed attempt", () => {
  test("says where to, why, and what to do, without anything secret", () => {
    const warning = warningOf(new TokenError("The token source failed: wstokenABC is no URL.", {}), hub, undefined);

    expect(warning).toBe(
      "RealtimeHub: the client could not connect to https://hub.example.org/hub, and tries again until it is stopped. The token source failed: … is no URL.",
    );
  });

  test("names the origin of the page where the hub has refused it", () => {
    const refused = new RefusedError(403, "origin_refused", "Pages of this origin may not connect.");

    expect(warningOf(refused, hub, page("https://app.example.org"))).toContain(
      "Pages of this origin may not connect. The origin of this page is https://app.example.org.",
    );
  });

  test("says that an unreachable hub may be one that does not know the origin of the page", () => {
    expect(warningOf(unreachable, hub, page("https://app.example.org"))).toContain(
      "Origins:Allowed must name the origin of this page, https://app.example.org.",
    );
    expect(warningOf(unreachable, hub, page("https://hub.example.org"))).not.toContain("Origins:Allowed");
    expect(warningOf(unreachable, hub, undefined)).toMatch(
      /hub\/negotiate: Failed to fetch\. Does the hub run there, and is `url` right\?$/,
    );
  });

  test("says that a page from https reaches nothing over http", () => {
    expect(warningOf(unreachable, "http://hub.example.org/hub", page("https://app.example.org"))).toContain("serve the hub over https");
  });

  test.each([
    ["https://app.example.org", "https://192.168.0.7/hub", true],
    ["http://app.example.org", "http://localhost:5080/hub", true],
    ["https://app.example.org", "https://hub.example.org/hub", false],
    ["http://localhost:3000", "http://localhost:5080/hub", false],
  ])("names Local Network Access where it is likely: on %s for %s, %s", (origin, url, likely) => {
    for (const failure of [unreachable, silence]) {
      expect(warningOf(failure, url, page(origin)).includes(localNetwork)).toBe(likely);
    }
  });

  test.each([
    ["the hub has answered", new RefusedError(401, "token_spent")],
    ["there was no token", new TokenError("None.")],
  ])("does not name it where %s", (_, failure) => {
    expect(warningOf(failure, "http://localhost:5080/hub", page("https://app.example.org"))).not.toContain(localNetwork);
  });

  test("says that the client has stopped where the user must sign in", () => {
    expect(warningOf(new SignInRequiredError(), hub, undefined)).toContain("and has stopped. The user must sign in again.");
  });
});
