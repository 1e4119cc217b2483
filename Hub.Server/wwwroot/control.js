import { ask, at, report } from "./backend.js";

const MOST_USERS = 30;
const EVERY_MS = 1_000;
const byId = (id) => document.getElementById(id);

const page = {
  form: byId("control"),
  whom: byId("whom"),
  why: byId("why"),
  back: byId("back"),
  banFor: byId("ban-for"),
  group: byId("group"),
  groupFor: byId("group-for"),
  groups: byId("groups"),
  done: byId("done"),
  who: byId("who"),
  count: byId("count"),
  online: byId("online"),
  ended: byId("ended"),
  nodes: byId("nodes"),
  nodesTitle: byId("nodes-title"),
  drained: byId("drained"),
};

let looking = Promise.resolve();

/** What the buttons of the form do, by their value. Each says what came of it. */
const acts = {
  async end(user) {
    const { ended } = await ask("DELETE", `${at`users/${user}/connections`}?${endQuery()}`);
    return `Ended ${some(ended, "connection")} of ${user}.`;
  },
  async renew(user) {
    const { asked } = await ask("POST", at`users/${user}/connections/renew`);
    return `Asked for ${some(asked, "connection")} of ${user} to be renewed within 30 s.`;
  },
  async ban(user) {
    const until = inMinutes(page.banFor.value);
    const { ended } = await ask("PUT", at`users/${user}/ban`, { until, reason: reason() });
    return `Banned ${user} until ${shownTime(until)}, and ended ${some(ended, "connection")}.`;
  },
  async unban(user) {
    await ask("DELETE", at`users/${user}/ban`);
    return `${user} is not banned any more.`;
  },
  async join(user, group) {
    const until = inMinutes(page.groupFor.value);
    const { connections } = await ask("PUT", `${at`groups/${group}/users/${user}`}?${new URLSearchParams(until && { until })}`);
    return `Put ${user} into ${group}, with ${some(connections, "connection")}.`;
  },
  async leave(user, group) {
    const { connections } = await ask("DELETE", at`groups/${group}/users/${user}`);
    return `Took ${user} out of ${group}, with ${some(connections, "connection")}.`;
  },
};

/** Makes the elements of a list show these items. An element stays while its item does, so that it keeps the focus. */
function show(list, items, { template, key, fill }) {
  const before = new Map([...list.children].map((element) => [element.dataset.key, element]));
  const after = items.map((item) => {
    const element = before.get(key(item)) ?? byId(template).content.firstElementChild.cloneNode(true);
    element.dataset.key = key(item);
    fill(element, item);
    return element;
  });
  [...list.children].filter((element) => !after.includes(element)).forEach((element) => element.remove());
  after.forEach((element, index) => {
    if (list.children[index] !== element) {
      list.insertBefore(element, list.children[index] ?? null);
    }
  });
}

/** Nothing that comes from the hub becomes markup. What is the same stays, so that it can be selected, and is not read out again. */
function write(element, text) {
  if (element.textContent !== text) {
    element.textContent = text;
  }
}

const users = {
  template: "user",
  key: ({ user }) => user,
  fill(element, { user, connections }) {
    const name = element.querySelector(".name");
    write(name, user);
    name.setAttribute("aria-label", `Act on ${user}`);
    show(element.querySelector("ul"), connections.map((connection) => ({ user, ...connection })), connectionsOfUser);
  },
};

const connectionsOfUser = {
  template: "attached",
  key: ({ id }) => id,
  fill(element, { user, id, client = "unknown client", node, since, expires }) {
    write(element.querySelector(".client"), client);
    element.querySelector(".own").hidden = client !== document.body.dataset.client;
    const times = [since && `since ${shownTime(since)}`, expires && `until ${shownTime(expires)}`];
    write(element.querySelector(".hint"), [`node ${shortId(node)}`, ...times].filter(Boolean).join(" · "));
    const button = element.querySelector("button");
    Object.assign(button.dataset, { user, id });
    button.setAttribute("aria-label", `End ${client} of ${user}`);
  },
};

const nodes = {
  template: "node",
  key: ({ id }) => id,
  fill(element, { id, answers, draining, machine, version, connections = 0 }) {
    write(element.querySelector(".id"), shortId(id));
    const state = !answers ? ["does not answer"] : [draining && "drained", some(connections, "connection"), machine, version];
    write(element.querySelector(".hint"), state.filter(Boolean).join(" · "));
    const button = element.querySelector("button");
    button.hidden = !answers || draining;
    button.dataset.id = id;
    button.setAttribute("aria-label", `Drain ${shortId(id)}`);
  },
};

/** Those who are online, by name. If they are many: some of them, and in any case who this page is. */
async function lookAtUsers() {
  const began = performance.now();
  const { users: found, next } = await firstUsers();
  const names = [document.body.dataset.user, ...found.map(({ user }) => user)].filter(Boolean);
  const shown = await Promise.all([...new Set(names)].slice(0, MOST_USERS).sort().map(connectionsOf));
  return { began, shown: shown.filter(({ online }) => online), more: next !== undefined || found.length > MOST_USERS };
}

/** A page of them may have fewer than there are, also none. */
async function firstUsers(found = [], cursor) {
  const { users, next } = await ask("GET", `users?${new URLSearchParams({ limit: MOST_USERS, ...(cursor && { cursor }) })}`);
  const all = [...found, ...users];
  return next && all.length < MOST_USERS ? firstUsers(all, next) : { users: all, next };
}

/** A name such as `..` cannot stand in a path: its user is shown without connections. */
async function connectionsOf(user) {
  return user === "." || user === ".." ? { user, online: true, connections: [] } : ask("GET", at`users/${user}`);
}

/** One look after the other, so that none shows what was before. */
export function showUsers() {
  looking = looking.then(async () => {
    try {
      showOnline(await lookAtUsers());
    } catch ({ message }) {
      write(page.count, message);
    }
  });
  return looking;
}

/** Tells the page of the connections, so that it can find its own. */
function showOnline({ began, shown, more }) {
  show(page.online, shown, users);
  const connections = shown.flatMap((user) => user.connections);
  write(page.count, `${some(shown.length, "user")}, ${some(connections.length, "connection")}${more ? ", and more" : ""}`);
  page.online.dispatchEvent(new CustomEvent("seen", { bubbles: true, detail: { began, connections } }));
}

async function showNodes() {
  try {
    show(page.nodes, (await ask("GET", "nodes")).nodes, nodes);
  } catch {
    // the list of users says so
  }
}

/** Looks again and again while anybody can see it. */
async function watch(look) {
  for (;;) {
    if (document.visibilityState === "visible") {
      await look();
    }

    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
}

async function showGroups() {
  const user = page.whom.value.trim();
  const found = user && (await ask("GET", at`users/${user}/groups`).catch(() => undefined));
  const groups = found ? found.groups.map(({ group, until }) => (until ? `${group} until ${shownTime(until)}` : group)) : [];
  write(page.groups, `Lasting groups: ${groups.join(", ")}`);
  page.groups.hidden = groups.length === 0;
}

function endQuery() {
  return new URLSearchParams({ mayComeBack: page.back.checked, ...(reason() && { reason: reason() }) });
}

function reason() {
  return page.why.value.trim() || undefined;
}

function inMinutes(minutes) {
  return minutes ? new Date(Date.now() + Number(minutes) * 60_000).toISOString() : undefined;
}

export function shownTime(time) {
  const date = new Date(time);
  const isToday = date.toDateString() === new Date().toDateString();
  return isToday ? date.toLocaleTimeString() : date.toLocaleString();
}

/** Ids of nodes begin with the time at which they started, which may be the same for all, and end at random. */
export function shortId(node) {
  return node.length > 8 ? `…${node.slice(-6)}` : node;
}

function some(count, what) {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

page.form.addEventListener("submit", (event) => event.preventDefault());

page.form.addEventListener("click", async ({ target }) => {
  if (!target.matches("button")) {
    return;
  }

  const act = target.value;
  page.group.required = act === "join" || act === "leave";
  if (page.form.reportValidity()) {
    await report(page.done, () => acts[act](page.whom.value.trim(), page.group.value.trim()));
    await Promise.all([showUsers(), showGroups()]);
  }
});

page.whom.addEventListener("change", showGroups);

page.online.addEventListener("click", async ({ target }) => {
  const { user, id } = target.dataset;
  if (id) {
    await report(page.ended, async () => {
      const { ended } = await ask("DELETE", `${at`users/${user}/connections/${id}`}?${endQuery()}`);
      return `Ended ${some(ended, "connection")} of ${user}.`;
    });
    await showUsers();
    keepFocus(page.who);
  } else if (target.matches(".name")) {
    page.whom.value = target.textContent;
    page.whom.focus();
    await showGroups();
  }
});

page.nodes.addEventListener("click", async ({ target: { dataset: { id } } }) => {
  if (id) {
    await report(page.drained, async () => {
      const { connections, seconds } = await ask("POST", at`nodes/${id}/drain`);
      return `${shortId(id)} moves ${some(connections, "connection")} within ${seconds} s.`;
    });
    await showNodes();
    keepFocus(page.nodesTitle);
  }
});

/** The button that was pressed may be gone with what it stood for. */
function keepFocus(title) {
  if (document.activeElement === document.body) {
    title.focus({ preventScroll: true });
  }
}

watch(showUsers);
watch(showNodes);
