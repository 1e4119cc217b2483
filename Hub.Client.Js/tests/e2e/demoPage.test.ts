import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { Chromium } from "./fixtures/Chromium.js";
import { ConsoleWatch } from "./fixtures/ConsoleWatch.js";
import { HubNode } from "./fixtures/HubNode.js";
import { Switch } from "./fixtures/Switch.js";
import { TwoNodes } from "./fixtures/TwoNodes.js";

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

  async function openAs(name: string, url = node.url): Promise<Page> {
    const page = await newTab();
    await page.goto(url);
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

  /** What the hub has told the page's connection, the last first. */
  function toldOf(page: Page): Promise<string | null> {
    return page.locator("#told").textContent();
  }

  function onlineOf(page: Page): Promise<string | null> {
    return page.locator("#online").textContent();
  }

  /** What the page calls itself, by which others find its connection. */
  function clientOf(page: Page): Promise<string> {
    return page.evaluate(() => document.body.dataset["client"] ?? "");
  }

  /** Presses a button for a user, and waits for what came of it. */
  async function act(page: Page, user: string, button: string, outcome: string | RegExp): Promise<void> {
    await page.getByLabel("User", { exact: true }).fill(user);
    await page.getByRole("button", { name: button, exact: true }).click();
    await expect.poll(() => page.locator("#done").textContent()).toMatch(outcome);
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

  describe("as a backend", () => {
    test("shows who is online, and where each connection is, as they come and go", async () => {
      const alice = await openAs("alice");
      await expect.poll(() => onlineOf(alice)).not.toContain("ursula");

      const [one, two] = [await openAs("ursula"), await openAs("ursula")];
      const client = await clientOf(one);
      await expect.poll(() => onlineOf(alice)).toContain(await clientOf(two));
      expect(await onlineOf(alice)).toMatch(new RegExp(`ursula\\s+${client}\\s.*?node …[0-9a-f]{6} · since [\\d:]+`, "s"));
      expect(await alice.locator("#online .own:visible").count()).toBe(1);

      await one.close();
      await expect.poll(() => onlineOf(alice)).not.toContain(client);
      expect(await onlineOf(alice)).toContain("ursula");
      await two.close();
      await expect.poll(() => onlineOf(alice)).not.toContain("ursula");
    });

    test("ends one connection, which is told why, and comes back", async () => {
      const [alice, bob, other] = await Promise.all([openAs("alice"), openAs("bob"), openAs("bob")]);
      await alice.getByLabel("Reason").fill("Your roles have changed.");
      await alice.getByRole("button", { name: `End ${await clientOf(bob)} of bob` }).click();

      await expect.poll(() => alice.locator("#ended").textContent()).toBe("Ended 1 connection of bob.");
      await expect.poll(() => toldOf(bob)).toMatch(/connected.*ended.*Your roles have changed\. It may come back\./s);
      expect(await stateOf(bob)).toBe("Connected as bob");
      expect(await toldOf(other)).not.toContain("ended");
    });

    test("ends all connections of a user, who stays away if told so", async () => {
      const [alice, bob, other] = await Promise.all([openAs("alice"), openAs("bob"), openAs("bob")]);
      await alice.getByLabel("Reason").fill("Signed out everywhere.");
      await alice.getByLabel("Ended clients may come back").uncheck();
      await act(alice, "bob", "End all", "Ended 2 connections of bob.");

      for (const page of [bob, other]) {
        await expect.poll(() => toldOf(page)).toContain("Signed out everywhere. It stays away.");
        expect(await stateOf(page)).toBe("Stopped");
      }

      await expect.poll(() => onlineOf(alice)).not.toContain("bob");
    });

    test("has connections renewed, and ends within half a minute who is signed out", async () => {
      const [alice, bob, carol] = await Promise.all([openAs("alice"), openAs("bob"), openAs("carol")]);
      await carol.getByLabel("Signed out").check();
      await act(alice, "carol", "Renew or end", "Asked for 1 connection of carol to be renewed within 30 s.");
      await expect.poll(() => toldOf(carol)).toContain("The user must sign in again");

      // The end of a connection has whole seconds, so one that is renewed at once looks as it did.
      const renewed = async () => {
        await act(alice, "bob", "Renew or end", "Asked for 1 connection of bob");
        return toldOf(bob);
      };
      await expect.poll(renewed, { interval: 1_500 }).toMatch(/renewed.*It may stay until.*renewal.*A new token was asked for\./s);

      await expect.poll(() => toldOf(carol), { timeout: 40_000 }).toContain("renewal_missed");
      await expect.poll(() => stateOf(carol)).toBe("Stopped: sign in again");
      expect(await stateOf(bob)).toBe("Connected as bob");
      expect(await toldOf(bob)).not.toMatch(/ended|reconnecting/);
    });

    test("bans a user until a time, and lifts the ban", async () => {
      const [alice, mallory] = await Promise.all([openAs("alice"), openAs("mallory")]);
      await alice.getByLabel("Reason").fill("Spam.");
      await alice.getByLabel("Ban until").selectOption("in an hour");
      await act(alice, "mallory", "Ban", /^Banned mallory until .+, and ended 1 connection\.$/);

      await expect.poll(() => toldOf(mallory)).toContain("Spam. It stays away.");
      await mallory.getByRole("button", { name: "Connect" }).click();
      await expect.poll(() => toldOf(mallory)).toMatch(/banned.*banned/s);
      expect(await stateOf(mallory)).toBe("Stopped");

      await act(alice, "mallory", "Lift the ban", "mallory is not banned any more.");
      await mallory.getByRole("button", { name: "Connect" }).click();
      await expect.poll(() => stateOf(mallory)).toBe("Connected as mallory");
    });

    test("puts a user into a group that lasts, and takes the user out of it", async () => {
      const [alice, bob] = await Promise.all([openAs("alice"), openAs("bob")]);
      await alice.getByLabel("Group", { exact: true }).fill("room 1/2");
      await act(alice, "bob", "Put in", "Put bob into room 1/2, with 1 connection.");
      await expect.poll(() => alice.locator("#groups").textContent()).toBe("Lasting groups: room 1/2");

      await bob.reload();
      await expect.poll(() => stateOf(bob)).toBe("Connected as bob");
      await alice.getByLabel("Address").selectOption("a group");
      await pushToGroup(alice, "room 1/2", "To all in the room");
      await expect.poll(() => messagesOf(bob)).toMatch(/group:room 1\/2.*To all in the room/s);

      await act(alice, "bob", "Take out", "Took bob out of room 1/2, with 1 connection.");
      await pushToGroup(alice, "room 1/2", "To those who are left");
      await alice.getByLabel("Address").selectOption("a user");
      await push(alice, "bob", "To you alone");
      await expect.poll(() => messagesOf(bob)).toContain("To you alone");
      expect(await messagesOf(bob)).not.toContain("To those who are left");
      expect(await alice.locator("#groups").isVisible()).toBe(false);
    });

    test("pushes to everyone", async () => {
      const [alice, bob] = await Promise.all([openAs("alice"), openAs("bob")]);
      await alice.getByLabel("Address").selectOption("everyone");
      await alice.getByLabel("Payload").fill("Closing soon");
      await alice.getByRole("button", { name: "Push" }).click();

      await expect.poll(() => messagesOf(bob)).toMatch(/everyone.*Closing soon/s);
      await expect.poll(() => alice.locator("#result").textContent()).toBe("Pushed to everyone.");
    });

    test("drains a node, whose pages move to another and are connected all the time", async () => {
      const nodes = await TwoNodes.start({ environment: "Development" });
      const balancer = await Switch.start(nodes.near.url);
      try {
        const url = new URL(balancer.hubUrl).origin;
        const [alice, bob] = await Promise.all([openAs("alice", url), openAs("bob", url)]);
        await expect.poll(() => toldOf(bob)).toMatch(/To node …/);
        const from = /To node (…\w+)/.exec((await toldOf(bob)) ?? "")?.[1] ?? "";
        await expect.poll(() => alice.locator("#nodes li").count()).toBe(2);
        balancer.choose(nodes.far.url);

        await alice.getByRole("button", { name: `Drain ${from}` }).click();

        await expect.poll(() => alice.locator("#drained").textContent()).toMatch(`${from} moves 2 connections within`);
        for (const page of [alice, bob]) {
          await expect.poll(() => toldOf(page)).toMatch(/moved.*To node …\w+, and connected all the time/s);
          expect(await toldOf(page)).not.toMatch(/ended|reconnecting/);
        }

        expect((await toldOf(bob))?.split("To node ").at(1)).not.toMatch(new RegExp(`^${from}`));
        await expect.poll(() => alice.locator("#nodes").textContent()).toMatch(new RegExp(`${from}.*?drained · 0 connections`, "s"));
        await push(alice, "bob", "From the other node");
        await expect.poll(() => messagesOf(bob)).toContain("From the other node");
      } finally {
        await Promise.all([balancer.stop(), nodes.stop()]);
      }
    });

    test("says in words what the hub refuses, what is missing, and that the hub is away", async () => {
      const alice = await openAs("alice");
      await alice.getByLabel("User", { exact: true }).fill("bob");
      await alice.getByRole("button", { name: "Put in" }).click();
      expect(await alice.evaluate(() => document.activeElement?.id)).toBe("group");

      await alice.getByLabel("Reason").evaluate((field: HTMLInputElement) => (field.value = "\u0007"));
      await act(alice, "bob", "Ban", "At $.reason:");
      expect(await alice.locator("#done").getAttribute("data-failed")).toBe("");

      await node.kill();
      try {
        await act(alice, "bob", "End all", "The hub cannot be reached.");
        await expect.poll(() => alice.locator("#count").textContent()).toBe("The hub cannot be reached.");
      } finally {
        node = await node.restart();
      }
    });

    test("shows names and reasons as the text that they are", async () => {
      const name = `<img src="nowhere" onerror="document.title = 'pwned'">`;
      const [alice, mallory] = await Promise.all([openAs("alice"), openAs(name)]);
      await alice.getByLabel("Reason").fill(name);
      await alice.getByRole("button", { name: `Act on ${name}` }).click();
      await act(alice, name, "End all", `Ended 1 connection of`);

      await expect.poll(() => toldOf(mallory)).toContain(name);
      await expect.poll(() => onlineOf(mallory)).toContain(name);
      for (const page of [alice, mallory]) {
        expect(await page.locator("main img").count()).toBe(0);
        expect(await page.title()).toBe("RealtimeHub demo");
      }
    });

    test("can be used by keyboard: a list that changes takes the focus from nobody", async () => {
      const alice = await openAs("alice");
      await alice.getByRole("button", { name: "Act on alice" }).focus();
      const aaron = await openAs("aaron");
      const client = await clientOf(aaron);
      await expect.poll(() => onlineOf(alice)).toContain("aaron");
      expect(await focused(alice)).toBe("Act on alice");

      await alice.keyboard.press("Shift+Tab");
      expect(await focused(alice)).toBe(`End ${client} of aaron`);
      await alice.keyboard.press("Enter");
      await expect.poll(() => toldOf(aaron)).toContain("It may come back.");
      await expect.poll(() => focused(alice)).toBe("Who is online");

      await alice.getByLabel("Reason").fill("end");
      await alice.keyboard.press("Enter");
      await alice.getByLabel("Reason").click();
      expect(await alice.locator("#done").textContent()).toBe("");
    });

    test("fits a telephone, whoever is online", async () => {
      const page = await openAs("w".repeat(256));
      await page.setViewportSize({ width: 390, height: 844 });
      await expect.poll(() => onlineOf(page)).toContain("this page");

      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
    });

    test("shows who comes and goes as messages, where the hub publishes that to everyone", async () => {
      const telling = await HubNode.start({ environment: "Development", settings: { Presence__Address: "everyone" } });
      try {
        const alice = await openAs("alice", telling.url);
        await openAs("bob", telling.url);

        await expect.poll(() => messagesOf(alice)).toMatch(/user\.online\s+everyone.*"user": "bob"/s);
      } finally {
        await telling.kill();
      }
    });

    async function pushToGroup(page: Page, group: string, payload: string): Promise<void> {
      await page.getByLabel("To group").fill(group);
      await page.getByLabel("Payload").fill(payload);
      await page.getByRole("button", { name: "Push" }).click();
      await expect.poll(() => page.locator("#result").textContent()).toBe(`Pushed to group ${group}.`);
    }

    /** The name of what has the focus; nothing if nothing has. */
    function focused(page: Page): Promise<string> {
      return page.evaluate(() => {
        const element = document.activeElement;
        return element === document.body ? "" : (element?.getAttribute("aria-label") ?? element?.textContent ?? "");
      });
    }
  });
});
