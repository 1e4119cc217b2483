import { PushClient, SignInRequiredError, tokenFrom } from "./realtimehub.js";

const MAX_SHOWN = 100;
const byId = (id) => document.getElementById(id);

const page = {
  status: byId("status"),
  state: byId("state"),
  countdown: byId("countdown"),
  reason: byId("reason"),
  name: byId("name"),
  toggle: byId("toggle"),
  second: byId("second"),
  to: byId("to"),
  type: byId("type"),
  payload: byId("payload"),
  format: byId("format"),
  result: byId("result"),
  clear: byId("clear"),
  empty: byId("empty"),
  messages: byId("messages"),
};

let client;
let ticking;

function connect(name) {
  client = new PushClient({ url: new URL("hub", document.baseURI).href, token: tokenFrom(`demo/token?user=${encodeURIComponent(name)}`) });
  client.on("*", showMessage);
  client.onLost(showLoss);
  client.onState(showState);
  client.start().catch(() => {}); // showState hears of it as well

  sessionStorage.setItem("name", name);
  page.to.value ||= name;
  showSecondTab(name);
}

async function disconnect() {
  sessionStorage.removeItem("name");
  await client.stop();
}

/** What became of a push, in words for the person who made it. */
async function push(user) {
  try {
    const response = await fetch(`demo/users/${encodeURIComponent(user)}/messages`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ type: page.type.value.trim(), payload: enteredPayload().value }),
    });
    return response.ok ? { text: `Pushed to ${user}.` } : { failed: true, text: await refusalIn(response) };
  } catch {
    return { failed: true, text: "The hub cannot be reached." };
  }
}

async function refusalIn(response) {
  const problem = await response.json().catch(() => ({}));
  return problem.detail ?? problem.title ?? `The hub answered with ${response.status}.`;
}

/** What stands in the field, as JSON where it is JSON and as text where it is not. */
function enteredPayload() {
  try {
    return { format: "sent as JSON", value: JSON.parse(page.payload.value) };
  } catch {
    return { format: "sent as text", value: page.payload.value };
  }
}

function showState({ state, error, retryInMs }) {
  const mustSignIn = error instanceof SignInRequiredError;
  page.status.dataset.state = mustSignIn ? "failed" : state;
  page.state.textContent = {
    stopped: mustSignIn ? "Stopped: sign in again" : "Stopped",
    connecting: "Connecting",
    connected: `Connected as ${page.name.value}`,
    reconnecting: "Reconnecting",
  }[state];
  showCountdown(retryInMs);

  if (error || state === "connected" || state === "stopped") {
    page.reason.textContent = error?.message ?? "";
    page.reason.hidden = !error;
  }

  // Not disabled, which would throw the focus away of whoever has pressed Enter in it.
  page.name.readOnly = state !== "stopped";
  page.toggle.textContent = state === "stopped" ? "Connect" : "Disconnect";
  page.toggle.classList.toggle("quiet", state !== "stopped");
}

function showCountdown(ms) {
  clearInterval(ticking);
  page.countdown.textContent = "";
  if (ms === undefined) {
    return;
  }

  const due = performance.now() + ms;
  const tick = () => (page.countdown.textContent = `in ${Math.max(0, Math.ceil((due - performance.now()) / 1000))} s`);
  ticking = setInterval(tick, 250);
  tick();
}

/** Nothing of a message becomes markup: every part of it is set as text. */
function showMessage({ type, address, time, payload }) {
  const item = byId("message").content.cloneNode(true);
  item.querySelector("b").textContent = type;
  item.querySelector("span").textContent = address;
  item.querySelector("time").textContent = new Date(time).toLocaleTimeString();
  item.querySelector("time").dateTime = time;
  item.querySelector("pre").textContent = typeof payload === "string" ? payload : JSON.stringify(payload, null, 2);

  page.messages.prepend(item);
  page.messages.children[MAX_SHOWN]?.remove();
  showWhetherEmpty();
}

/** Stands where the messages would that are gone for ever, as all are when the hub keeps them in memory and restarts. */
function showLoss({ address }) {
  showMessage({ type: "lost", address, time: new Date().toISOString(), payload: "There may have been messages here that the hub no longer has." });
  page.messages.firstElementChild.dataset.lost = "";
}

function showWhetherEmpty() {
  const empty = page.messages.children.length === 0;
  page.empty.hidden = !empty;
  page.clear.hidden = empty;
}

/** The second tab is somebody else, and ready to push to this one. */
function showSecondTab(name) {
  page.second.href = `./?${new URLSearchParams({ name: name === "bob" ? "alice" : "bob", to: name })}`;
}

byId("connect").addEventListener("submit", (event) => {
  event.preventDefault();
  if (client && client.state !== "stopped") {
    disconnect();
  } else {
    connect(page.name.value.trim());
  }
});

byId("push").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { text, failed = false } = await push(page.to.value.trim());
  page.result.textContent = text;
  page.result.toggleAttribute("data-failed", failed);
});

page.payload.addEventListener("input", () => (page.format.textContent = enteredPayload().format));

page.clear.addEventListener("click", () => {
  page.messages.replaceChildren();
  showWhetherEmpty();
});

const asked = new URLSearchParams(location.search);
const remembered = sessionStorage.getItem("name");
page.name.value = remembered ?? asked.get("name") ?? "";
page.to.value = asked.get("to") ?? "";
if (remembered) {
  connect(remembered);
}
