import { afterAll, beforeAll, expect, test } from "vitest";
import { Chromium } from "./fixtures/Chromium.js";
import { ConsoleWatch } from "./fixtures/ConsoleWatch.js";
import { HubNode } from "./fixtures/HubNode.js";

let node: HubNode;
let chromium: Chromium;

beforeAll(async () => void ([node, chromium] = await Promise.all([HubNode.start(), Chromium.start()])));
afterAll(() => Promise.all([node.kill(), chromium.stop()]));

test("A backend's developer tries a key in the page, whose policy lets nothing inline run", async () => {
  const page = await chromium.newPage();
  const watch = new ConsoleWatch(page);
  await page.goto(`${node.url}/openapi/`);
  await page.getByText("Publish up to 1,000 messages, each to its address").first().click();
  await page
    .getByRole("button", { name: /test request/i })
    .first()
    .click();
  await page.getByText("Send Request").first().waitFor();

  expect(watch.lines.filter((line) => !line.startsWith("info") && !line.startsWith("log"))).toEqual([]);
});

test("The reference page of the API shows every path, and needs nothing from another host", async () => {
  const page = await chromium.newPage();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  const watch = new ConsoleWatch(page);

  await page.goto(`${node.url}/openapi`);
  await page.getByText("Tokens", { exact: true }).first().click();
  for (const summary of [
    "Mint an access token for a user",
    "Publish a message to a user",
    "Publish up to 1,000 messages, each to its address",
  ]) {
    await page.getByText(summary).first().waitFor();
  }

  expect(
    asked.map((url) => new URL(url)).filter((url) => url.protocol !== "data:" && url.protocol !== "blob:" && url.origin !== node.url),
  ).toEqual([]);
  expect(watch.lines.filter((line) => !line.startsWith("info") && !line.startsWith("log"))).toEqual([]);
});
