import { beforeEach, describe, expect, test } from "vitest";
import { CookieJar } from "../../src/transport/CookieJar.js";

const hub = "https://hub.example.org/hub/negotiate?x=1";

describe("The cookie jar", () => {
  let jar: CookieJar;

  beforeEach(() => {
    jar = new CookieJar();
  });

  function answer(...cookies: string[]): Response {
    return new Response(null, { headers: cookies.map((cookie) => ["set-cookie", cookie]) });
  }

  test("sends back what it was given, and of one name the last", () => {
    jar.take(hub, answer("node=1; Path=/; HttpOnly", "other=a=b"));
    jar.take(hub, answer("node=2"));

    expect(jar.headerFor("https://hub.example.org/hub?id=7")).toBe("node=2; other=a=b");
  });

  test("gives nothing to anybody else", () => {
    jar.take(hub, answer("node=1"));

    expect(jar.headerFor("https://example.org/hub")).toBe("");
    expect(jar.headerFor("https://hub.example.org:8443/hub")).toBe("");
  });

  test("is empty in a page, where scripts see no cookies", () => {
    jar.take(hub, { headers: {} } as Response);

    expect(jar.headerFor(hub)).toBe("");
  });
});
