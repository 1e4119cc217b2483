const list = document.getElementById("notes");
const stateLabel = document.getElementById("state");

const words = { connecting: "Connecting", connected: "Connected", reconnecting: "Reconnecting", stopped: "Stopped" };

/** Shows a client's state and the notes that it receives. */
export function show(client) {
  client.on("*", add);
  client.onLost(() => add({ payload: { from: "", text: "There were notes here that the hub no longer has." }, time: Date.now() }));
  client.onState(({ state, error }) => showState(wordsOf(state, error)));
}

/** The hub says why it ended a connection for good; that is all there is to know after signing out in another tab. */
function wordsOf(state, error) {
  return error?.code === "sign_in_required" ? "Stopped: sign in again"
    : state === "stopped" && error?.name === "EndedError" ? `Stopped: ${error.reason}`
    : words[state];
}

export function showState(text) {
  stateLabel.textContent = text;
}

/** The newest note is first. Every part is set as text, so that nothing of it becomes markup. */
export function add({ payload, time }) {
  const item = document.createElement("li");
  item.append(part("b", payload?.from ?? ""), part("span", payload?.text ?? JSON.stringify(payload)), part("time", new Date(time).toLocaleTimeString()));
  list.prepend(item);
}

function part(name, text) {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}
