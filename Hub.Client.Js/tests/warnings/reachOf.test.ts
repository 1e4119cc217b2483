import { describe, expect, test } from "vitest";
import { isGuardedFrom, reachOf } from "../../src/warnings/reachOf.js";

describe("The reach of a host", () => {
  test.each(["localhost", "app.localhost", "127.0.0.1", "127.8.0.1", "[::1]"])("is the machine for %s", (host) => {
    expect(reachOf(host)).toBe("loopback");
  });

  test.each([
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.1",
    "192.168.0.7",
    "169.254.1.1",
    "[fd00::1]",
    "[fe80::1]",
    "hub",
    "hub.local",
    "hub.corp",
    "a.home.arpa",
  ])("is the network for %s", (host) => expect(reachOf(host)).toBe("private"));

  test.each([
    "example.org",
    "8.8.8.8",
    "172.32.0.1",
    "172.15.0.1",
    "192.169.0.1",
    "11.0.0.1",
    "[2001:db8::1]",
    "local.example.org",
    "localhost.example.org",
  ])("is the world for %s", (host) => expect(reachOf(host)).toBe("public"));

  test.each([
    ["example.org", "192.168.0.7", true],
    ["example.org", "localhost", true],
    ["192.168.0.7", "localhost", true],
    ["192.168.0.7", "192.168.0.8", false],
    ["localhost", "192.168.0.7", false],
    ["localhost", "example.org", false],
  ])("is guarded from a page of %s at %s: %s", (page, host, guarded) => {
    expect(isGuardedFrom(page, host)).toBe(guarded);
  });
});
