import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Chromium } from "./fixtures/Chromium.js";
import { ConsoleWatch } from "./fixtures/ConsoleWatch.js";
import { HubNode } from "./fixtures/HubNode.js";

describe("The demo page", () => {
  let node: HubNode;
  let chromium: Chromium;
  const tabs: Page[] = [];

  beforeAll(async () => void ([node, chromium] = await Promise.all([HubNode.start({ environment: "Development" }), Chromium.start()])));
  afterAll(() => Promise.all([node.kill(), chromium.stop()]));

  afterEach(async () => {
    await Promise.all(tabs.splice(0).map((tab) => tab.close()));
  });

  async function newTab(): Promise<Page> {
    const tab = await chromium.newPage();
    tabs.push(tab);
    return tab;
  }

  async function openAs(name: string): Promise<Page> {
    const page = await newTab();
    await page.goto(node.url);
    await page.getByLabel("Your name").fill(name);
    await page.getByRole("button", { name: "Connect" }).click();
    await expect.poll(() => stateOf(page)).toBe(`Connected as ${name}`);
    return page;
  }

  function stateOf(page: Page): Promise<string | null> {
    return page.locator("#state").textContent();
  }

  function messagesOf(page: Page): Promise<string | null> {
    return page.getByRole("log").textContent();
  }

  async function push(from: Page, to: string, payload: string): Promise<void> {
    await from.getByLabel("To user").fill(to);
    await from.getByLabel("Payload").fill(payload);
    await from.getByRole("button", { name: "Push" }).click();
    await expect.poll(() => from.locator("#result").textContent()).toBe(`Pushed to ${to}.`);
  }

  /** Tells the page that its network is back, so that it does not wait any longer. */
  async function untilBack(page: Page, name: string): Promise<void> {
    await expect
      .poll(async () => {
        await page.evaluate(() => dispatchEvent(new Event("online")));
        return stateOf(page);
      })
      .toBe(`Connected as ${name}`);
  }

  test("shows in one tab what another tab has pushed, with its type and address", async () => {
    const [alice, bob] = await Promise.all([openAs("alice"), openAs("bob")]);
    await push(alice, "bob", "Hello, Bob!");

    await expect.poll(() => messagesOf(bob)).toMatch(/greeting.*user:bob.*Hello, Bob!/s);
    expect(await messagesOf(alice)).not.toContain("Hello, Bob!");
  });

  test("shows markup as the text that it is", async () => {
    const [alice, bob] = await Promise.all([openAs("alice"), openAs("bob")]);
    const markup = '<img src="nowhere" onerror="document.title = \'pwned\'">';

    await push(alice, "bob", markup);

    await expect.poll(() => messagesOf(bob)).toContain(markup);
    expect(await bob.locator("#messages img").count()).toBe(0);
    expect(await bob.title()).toBe("RealtimeHub demo");
  });

  test("survives the death of its node, and says what is going on meanwhile", async () => {
    const [alice, bob] = await Promise.all([openAs("alice"), openAs("bob")]);
    await node.kill();
    await expect.poll(() => stateOf(alice)).toBe("Reconnecting");
    await expect.poll(() => alice.locator("#countdown").textContent()).toMatch(/^in \d+ s$/);
    await expect.poll(() => alice.locator("#reason").isVisible()).toBe(true);

    node = await node.restart();
    await untilBack(alice, "alice");
    await untilBack(bob, "bob");

    expect(await alice.locator("#reason").isVisible()).toBe(false);
    await push(alice, "bob", "Back again");
    await expect.poll(() => messagesOf(bob)).toContain("Back again");
  });

  test("says that messages are gone when its node has lost them", async () => {
    const alice = await openAs("alice");
    await node.kill();
    await expect.poll(() => stateOf(alice)).toBe("Reconnecting");

    node = await node.restart();
    await untilBack(alice, "alice");

    await expect.poll(() => messagesOf(alice)).toMatch(/lost\s+user:alice/);
  });

  test("remembers its name across a reload", async () => {
    const alice = await openAs("alice");
    await alice.reload();

    await expect.poll(() => stateOf(alice)).toBe("Connected as alice");
  });

  test("opens a second tab for somebody else, who is ready to answer", async () => {
    const alice = await openAs("alice");
    const opened = alice.waitForEvent("popup");
    await alice.getByRole("link", { name: "open a second tab" }).click();
    const second = await opened;
    tabs.push(second);

    await expect.poll(() => second.getByLabel("Your name").inputValue()).toBe("bob");
    expect(await second.getByLabel("To user").inputValue()).toBe("alice");
  });

  test("stops when it is told to", async () => {
    const alice = await openAs("alice");
    await alice.getByRole("button", { name: "Disconnect" }).click();

    await expect.poll(() => stateOf(alice)).toBe("Stopped");
  });

  test("leaves the focus where it is when Enter connects", async () => {
    const page = await newTab();
    await page.goto(node.url);
    await page.getByLabel("Your name").fill("dave");
    await page.keyboard.press("Enter");
    await expect.poll(() => stateOf(page)).toBe("Connected as dave");

    expect(await page.evaluate(() => document.activeElement?.id)).toBe("name");
    expect(await page.getByLabel("Your name").isEditable()).toBe(false);
  });

  test("announces what arrives, as items of a list in a log", async () => {
    const page = await openAs("erin");
    await push(page, "erin", "Hello, me!");

    await expect.poll(() => page.getByRole("log").getByRole("list").getByRole("listitem").count()).toBe(1);
  });

  test("draws fields and their placeholders so that they can be told from the page, light and dark", async () => {
    const page = await newTab();
    await page.goto(node.url);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });

      const [edge, placeholder] = await page.evaluate(() => {
        const luminance = (color: string) => {
          const [r = 0, g = 0, b = 0] = (color.match(/[\d.]+/g) ?? [])
            .map((part) => Number(part) / 255)
            .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
          return 0.2126 * r + 0.7152 * g + 0.0722 * b;
        };
        const contrast = (one: string, other: string) => {
          const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
          return (light + 0.05) / (dark + 0.05);
        };
        const field = document.querySelector("#name") as Element;
        const { borderTopColor, backgroundColor } = getComputedStyle(field);
        return [contrast(borderTopColor, backgroundColor), contrast(getComputedStyle(field, "::placeholder").color, backgroundColor)];
      });

      expect(edge, colorScheme).toBeGreaterThanOrEqual(3); // WCAG 2.2, 1.4.11
      expect(placeholder, colorScheme).toBeGreaterThanOrEqual(4.5); // 1.4.3
    }
  });

  test("works below a path, with its client, its tokens and its pushes", async () => {
    const below = await HubNode.start({ environment: "Development", settings: { PathBase: "/realtime" } });
    try {
      const page = await newTab();
      const watch = new ConsoleWatch(page);
      await page.goto(`${below.url}/realtime`);
      await page.getByLabel("Your name").fill("frank");
      await page.getByRole("button", { name: "Connect" }).click();
      await expect.poll(() => stateOf(page)).toBe("Connected as frank");
      await push(page, "frank", "Hello, me!");

      await expect.poll(() => messagesOf(page)).toContain("Hello, me!");
      expect(watch.lines).toEqual([]);
    } finally {
      await below.kill();
    }
  });

  test("puts nothing on the console, and obeys its own security policy", async () => {
    const page = await newTab();
    const watch = new ConsoleWatch(page);
    await page.goto(`${node.url}/?name=carol`);
    await page.getByRole("button", { name: "Connect" }).click();
    await expect.poll(() => stateOf(page)).toBe("Connected as carol");

    await push(page, "carol", "Hello, me!");

    await expect.poll(() => messagesOf(page)).toContain("Hello, me!");
    expect(watch.lines).toEqual([]);
  });
});
