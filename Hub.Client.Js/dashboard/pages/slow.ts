import type { Load } from "../answers.js";
import { el } from "../el.js";
import { linkTo } from "../linkTo.js";
import { shownBytes, shownNode } from "../shown.js";
import { show } from "../show.js";
import { table } from "../table.js";
import { every } from "./every.js";
import type { Page } from "./Page.js";

/** The clients that take less than comes for them. */
export const slow: Page = {
  title: "Slow clients",
  async show(main, hub, over) {
    await every(over, async () => {
      const load = await hub.get<Load>("load");
      const rows = load.nodes
        .flatMap(({ node, slow: connections }) => connections.map((connection) => ({ ...connection, node })))
        .sort((one, other) => other.waiting - one.waiting)
        .map(({ id, user, client, waiting, node }) => [
          el("code", {}, id),
          user === null ? "–" : linkTo("users", user),
          client ?? "–",
          shownNode(node),
          shownBytes(waiting),
        ]);
      show(
        main,
        el("h2", {}, "Slow clients"),
        el(
          "p",
          { class: "hint" },
          "At each node those for which most waits. More than a megabyte, or something for longer than Limits:WaitingTime, ends a connection.",
        ),
        table("Slow clients", ["Connection", "User", "Client", "Node", "Waiting"], rows, "Nothing waits for anybody."),
      );
    });
  },
};
