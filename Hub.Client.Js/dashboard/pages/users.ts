import type { UserPage } from "../answers.js";
import { el } from "../el.js";
import type { HubApi } from "../HubApi.js";
import { linkTo } from "../linkTo.js";
import { search } from "../search.js";
import { show } from "../show.js";
import { shownNumber } from "../shown.js";
import { table } from "../table.js";
import { every } from "./every.js";
import type { Page } from "./Page.js";
import { showUser } from "./user.js";

const most = 100;

/** Who is connected, or one user. */
export const users: Page = {
  title: "Users",
  async show(main, hub, over, [name = "", message = "", address = ""]) {
    main.replaceChildren(search("users", "User", name, "alice"));
    await (name === "" ? list(main, hub, over) : showUser(main, hub, over, name, { message, address }));
  },
};

async function list(main: HTMLElement, hub: HubApi, over: AbortSignal): Promise<void> {
  const online = el("div");
  main.append(el("h2", {}, "Some of those who are connected"), online);
  await every(over, async () => {
    const found = await someOnline(hub);
    const rows = found.slice(0, most).map(({ user, connectionCount }) => [linkTo("users", user), shownNumber(connectionCount)]);
    show(online, table("Users", ["User", "Connections"], rows, "Nobody is connected."));
  });
}

/** A page of them may have fewer than there are, also none. */
async function someOnline(hub: HubApi, found: UserPage["users"] = [], cursor?: string): Promise<UserPage["users"]> {
  const query = new URLSearchParams({ limit: `${most}`, ...(cursor === undefined ? {} : { cursor }) });
  const { users: more, next } = await hub.get<UserPage>(`users?${query.toString()}`);
  const all = [...found, ...more];
  return next === undefined || all.length >= most ? all : someOnline(hub, all, next);
}
