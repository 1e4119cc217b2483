import type { AddressLog, LoggedMessage, UserPage } from "../answers.js";
import { at } from "../at.js";
import { el } from "../el.js";
import type { HubApi } from "../HubApi.js";
import { linkTo } from "../linkTo.js";
import { search } from "../search.js";
import { show } from "../show.js";
import { shownBytes, shownNumber, shownTime, some } from "../shown.js";
import { table } from "../table.js";
import { every } from "./every.js";
import type { Page } from "./Page.js";

const [userPrefix, groupPrefix] = ["user:", "group:"];

/** What is published to an address, and who gets it. */
export const addresses: Page = {
  title: "Addresses",
  async show(main, hub, over, [address = ""]) {
    main.replaceChildren(search("addresses", "Address", address, "group:room1"));
    if (address === "") {
      main.append(el("p", { class: "hint" }, "user:NAME, group:NAME or everyone: what was published there of late, and who is there."));
      return;
    }

    const shown = el("div");
    main.append(el("h2", {}, address), shown);
    await every(over, async () => {
      const [log, members] = await Promise.all([
        hub.get<AddressLog>(`log?${new URLSearchParams({ address }).toString()}`),
        membersOf(hub, address),
      ]);
      show(shown, rateOf(log), ...whoIsAt(address, members), el("h2", {}, "The newest messages"), tableOf(log, address), hintFor(address));
    });
  },
};

async function membersOf(hub: HubApi, address: string): Promise<UserPage | undefined> {
  return address.startsWith(groupPrefix)
    ? hub.get<UserPage>(`${at`groups/${address.slice(groupPrefix.length)}/members`}?limit=100`)
    : undefined;
}

function rateOf({ lastMinute, lastFifteenMinutes }: AddressLog): HTMLElement {
  return el("p", {}, `${some(lastMinute, "message")} in the last minute, ${shownNumber(lastFifteenMinutes)} in the last fifteen minutes.`);
}

function whoIsAt(address: string, members: UserPage | undefined): readonly HTMLElement[] {
  if (members === undefined) {
    return address.startsWith(userPrefix) ? [el("p", {}, "The user: ", linkTo("users", address.slice(userPrefix.length)))] : [];
  }

  const rows = members.users.map(({ user, connectionCount }) => [linkTo("users", user), shownNumber(connectionCount)]);
  return [
    el("h2", {}, members.next === undefined ? "Members" : "The first members by name"),
    table(`Members of ${address}`, ["User", "Connections here"], rows, "Nobody is there now."),
  ];
}

function tableOf({ messages }: AddressLog, address: string): HTMLElement {
  return table(
    `The newest messages to ${address}`,
    ["Message", "Type", "Published", "By", "Size", "Delivered until"],
    messages.map((message) => [
      idOf(message, address),
      message.type,
      shownTime(message.time),
      message.publisher,
      shownBytes(message.bytes),
      untilOf(message),
    ]),
    "The log has no message.",
  );
}

/** Of a message to a user, a link to what became of it. */
function idOf({ id }: LoggedMessage, address: string): HTMLElement {
  return address.startsWith(userPrefix) ? linkTo("users", address.slice(userPrefix.length), id) : el("code", {}, id);
}

function untilOf({ time, ttlSeconds }: LoggedMessage): string {
  return ttlSeconds === undefined ? "it makes room for others" : shownTime(Date.parse(time) + ttlSeconds * 1_000);
}

function hintFor(address: string): HTMLElement {
  return el(
    "p",
    { class: "hint" },
    address.startsWith(userPrefix)
      ? "Payloads are not shown. A message leads to why it came, or not."
      : "Payloads are not shown. Why one came to a user or did not stands on the page of the user, who is asked with this id and address.",
  );
}
