import type { Load, Sample } from "../answers.js";
import { el } from "../el.js";
import { shownBytes, shownLatency, shownNumber } from "../shown.js";
import { show } from "../show.js";
import { sparkline } from "../sparkline.js";
import { every } from "./every.js";
import type { Page } from "./Page.js";

interface Figure {
  readonly name: string;
  readonly of: (sample: Sample) => number | null;
  readonly shown: (value: number) => string;
}

const figures: readonly Figure[] = [
  { name: "Connections", of: ({ connections }) => connections, shown: shownNumber },
  { name: "Connects a second", of: ({ connects }) => connects, shown: shownNumber },
  { name: "Messages a second", of: ({ messages }) => messages, shown: shownNumber },
  { name: "Deliveries a second", of: ({ deliveries }) => deliveries, shown: shownNumber },
  { name: "Refusals a second", of: ({ refusals }) => refusals, shown: shownNumber },
  { name: "Slowest way between nodes", of: ({ latency }) => latency, shown: shownLatency },
];

/** Is it working? Six numbers with their last fifteen minutes, and what is to be looked at, in words. */
export const overview: Page = {
  title: "Overview",
  async show(main, hub, over) {
    await every(over, async () => {
      const load = await hub.get<Load>("load");
      const waiting = load.samples.at(-1)?.waiting ?? 0;
      show(
        main,
        el(
          "section",
          { "aria-labelledby": "works" },
          el("h2", { id: "works" }, "Is it working?"),
          load.alarms.length === 0
            ? el("p", { class: "alarm", "data-severity": "none", role: "status" }, "Yes: nothing is to be looked at.")
            : el(
                "ul",
                { class: "alarms", role: "status" },
                ...load.alarms.map(({ severity, text }) => el("li", { class: "alarm", "data-severity": severity }, text)),
              ),
        ),
        el(
          "section",
          { "aria-labelledby": "numbers" },
          el("h2", { id: "numbers" }, "The last fifteen minutes"),
          el("div", { class: "figures" }, ...figures.map((figure) => card(figure, load.samples))),
          el("p", { class: "hint" }, `${shownBytes(waiting)} wait for clients that have not taken what came before.`),
        ),
      );
    });
  },
};

function card({ name, of, shown }: Figure, samples: readonly Sample[]): HTMLElement {
  const values = samples.map(of);
  const now = values.at(-1);
  const known = values.filter((value) => value !== null);
  return el(
    "div",
    { class: "card figure" },
    el("h3", {}, name),
    el(
      "div",
      { class: "row" },
      el("p", { class: "value" }, now === null || now === undefined ? "–" : shown(now)),
      known.length > 0 && el("p", { class: "hint" }, `at most ${shown(Math.max(...known))}`),
    ),
    sparkline(values),
  );
}
