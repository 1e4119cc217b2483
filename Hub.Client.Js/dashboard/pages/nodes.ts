import type { Load, NodeStatus } from "../answers.js";
import { at } from "../at.js";
import { button } from "../button.js";
import { el } from "../el.js";
import type { HubApi } from "../HubApi.js";
import { show } from "../show.js";
import { shownBytes, shownLatency, shownNode, shownNumber, shownTime, some } from "../shown.js";
import { table } from "../table.js";
import { act } from "./act.js";
import { every } from "./every.js";
import type { Page } from "./Page.js";

/** The nodes, and how long messages take between them. */
export const nodes: Page = {
  title: "Nodes",
  async show(main, hub, over) {
    const [living, drained, ways] = [el("div"), el("output"), el("div")];
    main.replaceChildren(
      el("h2", {}, "Nodes"),
      living,
      el("p", { class: "hint" }, "A drained node moves its clients to the others, and takes none until it is started again."),
      drained,
      el("h2", {}, "From one to the other"),
      ways,
      el("p", { class: "hint" }, "How long the last message of a node’s canary took, from the row to a client of the column."),
    );
    const drain = (id: string) => act(drained, () => drainNode(hub, id));
    await every(over, async () => {
      const [{ nodes: told }, load] = await Promise.all([
        hub.get<{ readonly nodes: readonly NodeStatus[] }>("nodes"),
        hub.get<Load>("load"),
      ]);
      show(living, tableOf(told, load, drain));
      show(ways, matrixOf(told, load));
    });
  },
};

async function drainNode(hub: HubApi, id: string): Promise<string> {
  const { connections, seconds } = await hub.send<{ readonly connections: number; readonly seconds: number }>(
    "POST",
    at`nodes/${id}/drain`,
  );
  return `${id} moves ${some(connections, "connection")} to other nodes within ${some(seconds, "second")}.`;
}

function tableOf(living: readonly NodeStatus[], load: Load, drain: (id: string) => Promise<void>): HTMLElement {
  return table(
    "Nodes",
    ["Node", "Machine", "Version", "Since", "Connections", "Waiting", "State", "Act"],
    living.map((node) => [
      el("code", {}, node.id),
      node.machine,
      node.version,
      shownTime(node.since),
      node.connections === undefined ? undefined : shownNumber(node.connections),
      shownBytes(load.nodes.find((one) => one.node === node.id)?.waiting ?? 0),
      stateOf(node),
      node.answers && node.draining !== true ? button("Drain", () => drain(node.id), shownNode(node.id)) : undefined,
    ]),
    "No node lives.",
  );
}

function stateOf({ answers, draining }: NodeStatus): HTMLElement {
  const [state, severity] = !answers ? ["does not answer", "critical"] : draining === true ? ["draining", "warning"] : ["open", "none"];
  return el("span", { class: "state", "data-severity": severity }, state);
}

function matrixOf(living: readonly NodeStatus[], load: Load): HTMLElement {
  return table(
    "How long messages take from node to node",
    ["From", ...living.map(({ id }) => `to ${shownNode(id)}`)],
    load.nodes
      .filter(({ latencies }) => latencies !== undefined)
      .map((from) => [el("code", {}, shownNode(from.node)), ...living.map(({ id }) => latency(from.latencies ?? {}, id))]),
    "No node has a canary.",
  );
}

/** Null is a message that did not come. Of what is not there, nothing was tried yet. */
function latency(latencies: Readonly<Record<string, number | null>>, to: string): HTMLElement | string {
  return latencies[to] === null ? el("span", { class: "state", "data-severity": "critical" }, "none comes") : shownLatency(latencies[to]);
}
