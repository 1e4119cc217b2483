import type { FollowedEvent } from "../answers.js";
import { at } from "../at.js";
import { el } from "../el.js";
import type { HubApi } from "../HubApi.js";
import { linkTo } from "../linkTo.js";
import { shownNode, shownTime } from "../shown.js";

const most = 200;

/** Shows what happens to a user, the last first, until the hub ends it. */
export function follow(hub: HubApi, user: string, events: HTMLElement): Promise<void> {
  return hub.lines(at`users/${user}/follow`, (line) => {
    events.prepend(shown(user, JSON.parse(line) as FollowedEvent));
    if (events.children.length > most) {
      events.lastElementChild?.remove();
    }
  });
}

function shown(user: string, { at: time, kind, text, node, message }: FollowedEvent): HTMLElement {
  return el(
    "li",
    { "data-kind": kind },
    el("time", { datetime: time }, shownTime(time)),
    el("b", {}, kind),
    el("span", {}, text),
    message !== undefined && linkTo("users", user, message),
    el("span", { class: "hint" }, `at node ${shownNode(node)}`),
  );
}
