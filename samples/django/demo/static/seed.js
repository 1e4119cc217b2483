import { add, showState } from "./notes.js";

/** The seed's socket function, which now speaks SignalR's JSON protocol: every message ends with the character 0x1e. */
export function socket(hub, token) {
  const ws = new WebSocket(`${hub.replace(/^http/, "ws")}?ws_token=${token}`);
  const send = (message) => ws.send(`${JSON.stringify(message)}\x1e`);
  const pings = setInterval(() => ws.readyState === WebSocket.OPEN && send({ type: 6 }), 15_000); // the hub gives up who is silent for 30 seconds
  ws.onopen = () => send({ protocol: "json", version: 1 });
  ws.onmessage = ({ data }) => {
    for (const message of data.split("\x1e").filter(Boolean).map((text) => JSON.parse(text))) {
      if (message.target === "Receive") {
        add(message.arguments[0]);
      } else if (message.type === undefined) {
        showState(message.error ?? "Connected"); // the answer to the first line
      }
    }
  };
  ws.onclose = () => {
    clearInterval(pings);
    showState("Closed");
  };
}
