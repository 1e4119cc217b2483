const list = document.getElementById("notes");
const stateLabel = document.getElementById("state");
const keptAs = `notes of ${document.getElementById("user").textContent}`;

const words = { connecting: "Connecting", connected: "Connected", reconnecting: "Reconnecting", stopped: "Stopped" };

/**
 * Shows a client's state and the notes that it receives. The tab keeps its notes where its client keeps its cursors. A message counts as
 * handled once this has returned, so after a reload the notes up to the cursor come from here, and those after it from the hub.
 */
export function show(client) {
  const kept = JSON.parse(sessionStorage.getItem(keptAs) ?? "[]");
  kept.forEach(add);
  client.on("*", ({ payload, time }) => {
    const note = { from: payload?.from ?? "", text: payload?.text ?? JSON.stringify(payload), time };
    kept.push(note);
    sessionStorage.setItem(keptAs, JSON.stringify(kept.slice(-100)));
    add(note);
  });
  client.onLost(() => add({ from: "", text: "There were notes here that the hub no longer has.", time: Date.now() }));
  client.onState(({ state, error }) => showState(wordsOf(state, error)));
}

/** The hub says why it ended a connection for good; that is all there is to know after signing out in another tab. */
function wordsOf(state, error) {
  return error?.code === "sign_in_required" ? "Stopped: sign in again"
    : state === "stopped" && error?.name === "EndedError" ? `Stopped: ${error.reason}`
    : words[state];
}

function showState(text) {
  stateLabel.textContent = text;
}

/** The newest note is first. Every part is set as text, so that nothing of it becomes markup. */
function add({ from, text, time }) {
  const item = document.createElement("li");
  item.append(part("b", from), part("span", text), part("time", new Date(time).toLocaleTimeString()));
  list.prepend(item);
}

function part(name, text) {
  const element = document.createElement(name);
  element.textContent = text;
  return element;
}
