import { el } from "../el.js";
import { table } from "../table.js";
import type { Page } from "./Page.js";

/** The settings that are not as they are delivered, without their secrets. */
export const settings: Page = {
  title: "Settings",
  async show(main, hub) {
    const { settings: changed } = await hub.get<{ readonly settings: readonly { readonly key: string; readonly value: string }[] }>(
      "settings",
    );
    main.replaceChildren(
      el("h2", {}, "Settings of this node that are not the default"),
      table(
        "Settings",
        ["Setting", "Value"],
        changed.map(({ key, value }) => [el("code", {}, key), value]),
        "All are as they are delivered.",
      ),
    );
  },
};
