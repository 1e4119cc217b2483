import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { Chromium } from "./fixtures/Chromium.js";
import { DjangoSite } from "./fixtures/DjangoSite.js";
import { freePort } from "./fixtures/freePort.js";
import { HubNode } from "./fixtures/HubNode.js";
import { OtlpCollector } from "./fixtures/OtlpCollector.js";
import { RedisServer } from "./fixtures/RedisServer.js";

const traceId = "0af7651916cd43dd8448eb211c80319c";

describe("A trace that begins in front of the Django site", () => {
  let redis: RedisServer;
  let collector: OtlpCollector;
  let hub: HubNode;
  let site: DjangoSite;
  let chromium: Chromium;

  beforeAll(async () => {
    const port = await freePort();
    [redis, chromium, collector] = await Promise.all([RedisServer.start(), Chromium.start(), OtlpCollector.start()]);
    const settings = { Origins__Allowed__0: `http://127.0.0.1:${port}`, ...collector.environment };
    hub = await HubNode.start({ redis: redis.connection, settings });
    site = await DjangoSite.start({ port, hub: hub.url, redis: redis.connection });
  }, 180_000);

  afterAll(async () => {
    await Promise.all([site.stop(), hub.kill(), chromium.stop()]);
    await Promise.all([redis.stop(), collector.stop()]);
  });

  test("goes on through the site, the hub and Redis to the browser, and shows no secret on the way", async () => {
    const page = await chromium.newPage();
    await page.goto(site.url);
    await page.getByLabel("Username").fill("alice");
    await page.getByLabel("Password").fill("alice");
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.locator("#user").waitFor();
    const token = await hub.mint("alice");
    await page.addScriptTag({
      type: "module",
      content: `
        import { PushClient } from "${hub.url}/realtimehub.js";
        const client = new PushClient({ url: "${hub.hubUrl}?trace=true", token: async () => "${token}" });
        client.on("note", ({ traceparent }) => document.body.setAttribute("data-trace", traceparent));
        await client.start();
        document.body.setAttribute("data-trace", "");`,
    });
    await page.waitForSelector("body[data-trace='']", { state: "attached" });

    const form = await page.request.get(site.url);
    const [, csrf = ""] = /name="csrfmiddlewaretoken" value="(\w+)"/.exec(await form.text()) ?? [];
    const answer = await page.request.post(site.url, {
      form: { csrfmiddlewaretoken: csrf, to: "alice", text: "Hello!" },
      headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01`, origin: site.url },
    });
    expect(answer.ok()).toBe(true);

    await page.waitForSelector("body[data-trace^='00-']", { state: "attached" });
    expect(await page.getAttribute("body", "data-trace")).toMatch(new RegExp(`^00-${traceId}-[0-9a-f]{16}-01$`));
    await vi.waitFor(() => {
      const spans = collector.spansOf(traceId);
      expect(spans).toContain("send user");
      expect(spans).toContain("deliver user");
      expect(spans).toContain("POST /api/users/{user}/messages");
    }, 20_000);
    expect(collector.text).not.toMatch(/ws(token|grant|reconnect)|Hello!/);
  });
});
