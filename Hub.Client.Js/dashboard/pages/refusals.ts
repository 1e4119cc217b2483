import type { Load } from "../answers.js";
import { el } from "../el.js";
import { meanings } from "../meanings.js";
import { shownNumber } from "../shown.js";
import { show } from "../show.js";
import { table } from "../table.js";
import { every } from "./every.js";
import type { Page } from "./Page.js";

/** Who was turned away, and whose connection was ended, by code. */
export const refusals: Page = {
  title: "Refusals",
  async show(main, hub, over) {
    await every(over, async () => {
      const load = await hub.get<Load>("load");
      show(
        main,
        el("h2", {}, "Turned away in the last fifteen minutes"),
        byCode("Refusals by code", load.refusals, "Nobody was turned away."),
        el("h2", {}, "Ended by the hub in the last fifteen minutes"),
        byCode("Ends by code", load.ends, "No connection was ended."),
      );
    });
  },
};

function byCode(caption: string, counts: Readonly<Record<string, number>>, nothing: string): HTMLElement {
  const sorted = Object.entries(counts).sort(([, one], [, other]) => other - one);
  return table(
    caption,
    ["Code", "How often", "Means"],
    sorted.map(([code, count]) => [el("code", {}, code), shownNumber(count), meanings[code]]),
    nothing,
  );
}
