import type { Explanation } from "../answers.js";
import { el } from "../el.js";
import type { HubApi } from "../HubApi.js";
import { act } from "./act.js";

/** A message, and where it was published to. Empty: what would happen to one that were published to the user now. */
export interface Asked {
  readonly message: string;
  readonly address: string;
}

/** Says why a message came to a user or did not: at once for what is asked, and then whenever somebody asks again. */
export function explain(hub: HubApi, user: string, asked: Asked): HTMLElement {
  const message = fieldOf("message", asked.message, "1790000000000002-7");
  const address = fieldOf("address", asked.address, "group:room1");
  const [sentences, done] = [el("ol", { class: "sentences", "aria-live": "polite" }), el("output")];
  const tell = () =>
    act(done, async () => {
      sentences.replaceChildren();
      const said = { message: message.value.trim(), address: address.value.trim() };
      const told = await sentencesOf(hub, user, said);
      sentences.replaceChildren(...told.map((sentence) => el("li", {}, sentence)));
      return "";
    });
  const submit = (event: Event) => {
    event.preventDefault();
    void tell();
  };
  void tell();
  return el(
    "form",
    { class: "card", submit },
    el("h3", {}, "Why did it come, or not?"),
    el(
      "div",
      { class: "fields" },
      el("p", {}, el("label", { for: "message" }, "The id of a message; empty: one that were published now"), message),
      el("p", {}, el("label", { for: "address" }, "Where it was published to; empty: to the user"), address),
    ),
    el("div", {}, el("button", {}, "Explain")),
    sentences,
    done,
  );
}

async function sentencesOf(hub: HubApi, user: string, { message, address }: Asked): Promise<readonly string[]> {
  const query = new URLSearchParams({ user, ...(message !== "" && { message }), ...(address !== "" && { address }) });
  const { sentences } = await hub.get<Explanation>(`explain?${query.toString()}`);
  return sentences;
}

function fieldOf(id: string, value: string, placeholder: string): HTMLInputElement {
  return el("input", { id, value, placeholder, autocomplete: "off", spellcheck: "false" }) as HTMLInputElement;
}
