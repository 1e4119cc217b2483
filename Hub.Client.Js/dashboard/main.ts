import { el } from "./el.js";
import { failed } from "./failed.js";
import { HubApi } from "./HubApi.js";
import { live } from "./live.js";
import { act } from "./pages/act.js";
import { addresses } from "./pages/addresses.js";
import { nodes } from "./pages/nodes.js";
import { overview } from "./pages/overview.js";
import type { Page } from "./pages/Page.js";
import { refusals } from "./pages/refusals.js";
import { settings } from "./pages/settings.js";
import { slow } from "./pages/slow.js";
import { users } from "./pages/users.js";

const keyItem = "realtimehub dashboard key";
const pages: Readonly<Record<string, Page>> = { overview, nodes, users, addresses, refusals, slow, settings };
const main = document.querySelector("main") as HTMLElement;
const links = document.querySelector("nav ul") as HTMLElement;
const forget = document.getElementById("forget") as HTMLElement;

let over = new AbortController();

links.replaceChildren(...Object.entries(pages).map(([path, { title }]) => el("li", {}, el("a", { href: `#/${path}` }, title))));
addEventListener("hashchange", () => void show());
forget.addEventListener("click", () => askForKey(""));
void show();

/** Shows the page that the address names, with what stands behind it: a user, and a message. */
async function show(): Promise<void> {
  const [, asked = "", ...names] = location.hash.split("/");
  const path = Object.hasOwn(pages, asked) ? asked : "overview";
  const page = pages[path] ?? overview;
  begin(page.title);
  links.querySelectorAll("a").forEach((link) => mark(link, link.getAttribute("href") === `#/${path}`));
  const key = sessionStorage.getItem(keyItem);
  if (key === null) {
    askForKey("");
    return;
  }

  const { signal } = over;
  const hub = new HubApi(key, signal, () => askForKey("The hub does not know this key."));
  live.begin(new HubApi(key, new AbortController().signal, () => {}));
  forget.hidden = false;
  main.replaceChildren(el("p", { class: "hint" }, "Asking the hub …"));
  main.focus();
  await act(failed, async () => {
    await page.show(main, hub, signal, names.map(decoded));
    return "";
  });
}

/** Ends what was shown before. */
function begin(title: string): void {
  over.abort();
  over = new AbortController();
  failed.textContent = "";
  document.title = `${title} · RealtimeHub`;
}

function mark(link: Element, isCurrent: boolean): void {
  if (isCurrent) {
    link.setAttribute("aria-current", "page");
  } else {
    link.removeAttribute("aria-current");
  }
}

/** What somebody has typed into the address may be encoded wrongly: it is taken as it is. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function askForKey(mistake: string): void {
  begin("Key");
  sessionStorage.removeItem(keyItem);
  live.end();
  forget.hidden = true;
  const field = el("input", {
    id: "key",
    type: "password",
    required: true,
    pattern: "[!-~]+",
    title: "A key has letters, digits and signs, and no spaces.",
    autocomplete: "current-password",
    "aria-describedby": "mistake",
  }) as HTMLInputElement;
  const open = (event: Event) => {
    event.preventDefault();
    sessionStorage.setItem(keyItem, field.value);
    void show();
  };
  main.replaceChildren(
    el(
      "form",
      { class: "card ask", submit: open },
      el("h2", {}, "A key of the API"),
      el("p", { class: "hint" }, "One of Api:Keys: with the scope read to look, with control and publish to act. It stays in this tab."),
      el("input", { autocomplete: "username", value: "RealtimeHub", hidden: true }), // which password managers look for
      el("div", {}, el("label", { for: "key" }, "Key"), field),
      el("p", { id: "mistake", role: "alert" }, mistake),
      el("button", {}, "Open"),
    ),
  );
  field.focus();
}
