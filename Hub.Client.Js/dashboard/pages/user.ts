import type { UserConnection, UserDevice, UserGroup } from "../answers.js";
import { at } from "../at.js";
import { button } from "../button.js";
import { el } from "../el.js";
import type { HubApi } from "../HubApi.js";
import { linkTo } from "../linkTo.js";
import { show } from "../show.js";
import { shownNode, shownNumber, shownTime, some } from "../shown.js";
import { table } from "../table.js";
import { act } from "./act.js";
import { every } from "./every.js";
import { explain, type Asked } from "./explain.js";
import { follow } from "./follow.js";

interface Ended {
  readonly ended: number;
}

const banMs = 3_600_000;

/** One user: what he has, why a message came to him or did not, what happens to him, and what can be done. */
export async function showUser(main: HTMLElement, hub: HubApi, over: AbortSignal, user: string, asked: Asked): Promise<void> {
  const [connections, devices, groups, done, followed] = [el("div"), el("div"), el("div"), el("output"), el("output")];
  const events = el("ol", { class: "events" });
  const look = async () => {
    const [{ connections: open }, { devices: known }, { groups: lasting }] = await Promise.all([
      hub.get<{ readonly connections: readonly UserConnection[] }>(at`users/${user}`),
      hub.get<{ readonly devices: readonly UserDevice[] }>(at`users/${user}/devices`),
      hub.get<{ readonly groups: readonly UserGroup[] }>(at`users/${user}/groups`),
    ]);
    show(connections, connectionsOf(user, open, end));
    show(devices, devicesOf(user, known));
    show(groups, groupsOf(user, lasting));
  };
  const doing = (work: () => Promise<string>) =>
    act(done, async () => {
      const outcome = await work();
      await look();
      return outcome;
    });
  const end = (id: string) => doing(() => ended(hub.send<Ended>("DELETE", at`users/${user}/connections/${id}`)));
  main.append(
    el("h2", {}, user),
    connections,
    actsOn(hub, user, doing),
    done,
    el("h2", {}, "How far the devices are"),
    devices,
    el("h2", {}, "Groups that last"),
    groups,
    explain(hub, user, asked),
    el("h2", {}, "As it happens"),
    followed,
    el("div", { role: "log", "aria-label": `What happens to ${user}`, class: "card scroll", tabindex: 0 }, events),
  );
  await Promise.all([every(over, look), every(over, () => follow(hub, user, events), followed)]);
}

function actsOn(hub: HubApi, user: string, doing: (work: () => Promise<string>) => Promise<void>): HTMLElement {
  const acts: readonly (readonly [string, () => Promise<string>])[] = [
    ["Send a test message", () => sendTest(hub, user)],
    ["End all connections", () => ended(hub.send<Ended>("DELETE", at`users/${user}/connections`))],
    ["Ban for an hour", () => ban(hub, user)],
    ["Lift the ban", () => unban(hub, user)],
  ];
  return el(
    "div",
    { class: "row", role: "group", "aria-label": `What can be done with ${user}` },
    ...acts.map(([text, work]) => button(text, () => doing(work))),
  );
}

async function sendTest(hub: HubApi, user: string): Promise<string> {
  const message = { type: "dashboard.test", payload: "A test from the dashboard" };
  const { id } = await hub.send<{ readonly id: string }>("POST", at`users/${user}/messages`, message);
  return `Published as ${id}, of type ${message.type}.`;
}

async function ended(ending: Promise<Ended>): Promise<string> {
  return `Ended ${some((await ending).ended, "connection")}. Its client may come back.`;
}

async function ban(hub: HubApi, user: string): Promise<string> {
  const until = Date.now() + banMs;
  const { ended: count } = await hub.send<Ended>("PUT", at`users/${user}/ban`, { until: new Date(until).toISOString() });
  return `Banned until ${shownTime(until)}, and ended ${some(count, "connection")}.`;
}

async function unban(hub: HubApi, user: string): Promise<string> {
  await hub.send("DELETE", at`users/${user}/ban`);
  return "Not banned any more.";
}

function connectionsOf(user: string, connections: readonly UserConnection[], end: (id: string) => Promise<void>): HTMLElement {
  return table(
    `Connections of ${user}`,
    ["Connection", "Client", "Transport", "Since", "Until", "Node", "Labels", "Act"],
    connections.map(({ id, client, transport, since, expires, node, labels }) => [
      el("code", {}, id),
      client,
      transport,
      shownTime(since),
      shownTime(expires),
      shownNode(node),
      labels.length === 0 ? undefined : labels.join(", "),
      button("End", () => end(id), id),
    ]),
    `${user} is not connected.`,
  );
}

function devicesOf(user: string, devices: readonly UserDevice[]): HTMLElement {
  return table(
    `Devices of ${user}`,
    ["Device", "Client", "Heard of", "Handled up to", "Behind", "Failed at"],
    devices.map(({ device, client, at: heard, upTo, behind, failed }) => [
      el("code", {}, device),
      client,
      shownTime(heard),
      linkTo("users", user, upTo),
      shownNumber(behind),
      failed === undefined ? undefined : linkTo("users", user, failed),
    ]),
    "None has said that it has handled anything. Only clients that keep cursors say so.",
  );
}

function groupsOf(user: string, groups: readonly UserGroup[]): HTMLElement {
  return table(
    `Groups of ${user}`,
    ["Group", "Until"],
    groups.map(({ group, until }) => [linkTo("addresses", `group:${group}`), until === undefined ? "taken out" : shownTime(until)]),
    "None. A connection may be in others, by its token or its client.",
  );
}
