import { ask, at, report } from "./backend.js";
import { shortId, shownTime, showUsers } from "./control.js";
import { EndedError, PushClient, SignInRequiredError, tokenFrom } from "./realtimehub.js";

const MAX_SHOWN = 100;
const byId = (id) => document.getElementById(id);

const page = {
  status: byId("status"),
  state: byId("state"),
  countdown: byId("countdown"),
  reason: byId("reason"),
  name: byId("name"),
  toggle: byId("toggle"),
  signedOut: byId("signed-out"),
  second: byId("second"),
  kind: byId("kind"),
  to: byId("to"),
  toLabel: byId("to-label"),
  type: byId("type"),
  payload: byId("payload"),
  format: byId("format"),
  result: byId("result"),
  clear: byId("clear"),
  empty: byId("empty"),
  messages: byId("messages"),
  untold: byId("untold"),
  told: byId("told"),
};

/** By this its connection is found among all that there are. */
const clientName = `demo-page/${crypto.randomUUID().slice(0, 4)}`;

let client;
let connection;
let changedAt;
let ticking;

function connect(name) {
  const url = new URL("hub", document.baseURI);
  url.searchParams.set("client", clientName);
  client = new PushClient({ url: url.href, token: tokenOf(name) });
  client.on("*", showMessage);
  client.onLost(showLoss);
  client.onState(showState);
  client.onEnded(({ code, reason, mayComeBack }) => tell(code, `${reason} ${mayComeBack ? "It may come back." : "It stays away."}`));
  client.onError(({ message }) => tell("error", message));
  client.start().catch(() => {}); // showState is told as well

  Object.assign(document.body.dataset, { client: clientName, user: name });
  sessionStorage.setItem("name", name);
  page.to.value ||= name;
  showSecondTab(name);
}

async function disconnect() {
  sessionStorage.removeItem("name");
  await client.stop();
}

/** A web app that has signed its user out gives no more tokens: then a connection that has to be renewed comes to its end. */
function tokenOf(name) {
  const token = tokenFrom(`demo/token?user=${encodeURIComponent(name)}`);
  return async (signal) => {
    if (page.signedOut.checked) {
      throw new SignInRequiredError("The user must sign in again: the web app gives no token to who is signed out.");
    }

    if (client.state === "connected") {
      tell("renewal", "A new token was asked for.");
    }

    return token(signal);
  };
}

async function push() {
  const name = page.to.value.trim();
  const [path, whom] = {
    user: [at`users/${name}/messages`, name],
    group: [at`groups/${name}/messages`, `group ${name}`],
    everyone: ["everyone/messages", "everyone"],
  }[page.kind.value];
  await ask("POST", path, { type: page.type.value.trim(), payload: enteredPayload().value });
  return `Pushed to ${whom}.`;
}

/** What stands in the field, as JSON where it is JSON and as text where it is not. */
function enteredPayload() {
  try {
    return { format: "sent as JSON", value: JSON.parse(page.payload.value) };
  } catch {
    return { format: "sent as text", value: page.payload.value };
  }
}

function showState({ state, previous, error, retryInMs }) {
  const mustSignIn = error instanceof SignInRequiredError;
  page.status.dataset.state = mustSignIn ? "failed" : state;
  page.state.textContent = {
    stopped: mustSignIn ? "Stopped: sign in again" : "Stopped",
    connecting: "Connecting",
    connected: `Connected as ${page.name.value}`,
    reconnecting: "Reconnecting",
  }[state];
  showCountdown(retryInMs);
  if (state !== previous) {
    [connection, changedAt] = [undefined, performance.now()];
    tellState(state, error);
    showUsers();
  }

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

/** What is known of this page's connection to the hub shows what has become of it. */
function compare({ connections, began }) {
  const found = connections.findLast((one) => one.client === clientName);
  if (!found || client?.state !== "connected" || began < changedAt) {
    return;
  }

  if (!connection) {
    tell("connected", `To node ${shortId(found.node)}, until ${shownTime(found.expires)}.`);
  } else if (connection.id !== found.id) {
    tell("moved", `To node ${shortId(found.node)}, and connected all the time.`);
  } else if (connection.expires !== found.expires) {
    tell("renewed", `It may stay until ${shownTime(found.expires)}.`);
  }

  connection = found;
}

/** What an end was is told already, and a connection when the hub shows on which node it is. */
function tellState(state, error) {
  if ((state === "reconnecting" || state === "stopped") && !(error instanceof EndedError)) {
    tell(state, error?.message ?? "");
  }
}

function tell(what, text) {
  const item = byId("event").content.cloneNode(true);
  item.querySelector("b").textContent = what;
  item.querySelector("time").textContent = new Date().toLocaleTimeString();
  item.querySelector("p:last-child").textContent = text;
  page.told.prepend(item);
  page.told.children[MAX_SHOWN]?.remove();
  page.untold.hidden = true;
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
  await report(page.result, push);
});

page.kind.addEventListener("change", () => {
  const isNamed = page.kind.value !== "everyone";
  page.toLabel.textContent = isNamed ? `To ${page.kind.value}` : "To whom";
  page.to.disabled = !isNamed;
});

document.addEventListener("seen", ({ detail }) => compare(detail));

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
