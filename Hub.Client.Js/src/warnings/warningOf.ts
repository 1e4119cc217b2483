import { ConnectionError } from "../errors/ConnectionError.js";
import type { PushError } from "../errors/PushError.js";
import { RefusedError } from "../errors/RefusedError.js";
import { stops } from "../errors/stops.js";
import { TokenError } from "../errors/TokenError.js";
import { UnreachableError } from "../errors/UnreachableError.js";
import { shownUrl } from "../shownUrl.js";
import type { Page } from "./Page.js";
import { isGuardedFrom } from "./reachOf.js";

/** What a developer should know about the first failed attempt: the address, the reason, and what to do. */
export function warningOf(failure: PushError, hubUrl: string, page: Page | undefined): string {
  const end = stops(failure) ? "and has stopped" : "and tries again until it is stopped";
  const words = [
    `RealtimeHub: the client could not connect to ${shownUrl(hubUrl)}, ${end}.`,
    failure.message,
    ...adviceOn(failure, new URL(hubUrl), page),
  ];
  return withoutSecrets(words.join(" "));
}

function adviceOn(failure: PushError, hub: URL, page: Page | undefined): string[] {
  if (failure instanceof RefusedError) {
    return failure.code === "origin_refused" && page ? [`The origin of this page is ${page.origin}.`] : [];
  }

  return failure instanceof ConnectionError && !(failure instanceof TokenError) ? adviceOnWay(failure, hub, page) : [];
}

/** A browser does not tell scripts what blocks the way to a hub, so this names the usual causes. */
function adviceOnWay(failure: ConnectionError, hub: URL, page: Page | undefined): string[] {
  const advice: string[] = [];
  if (page?.protocol === "https:" && hub.protocol === "http:") {
    advice.push("A page from https may reach nothing over http: serve the hub over https.");
  }

  if (page && isGuardedFrom(page.hostname, hub.hostname)) {
    advice.push(
      'The hub is in a network that browsers guard from this page (Local Network Access): serve the page over https, let the user allow it when asked, and give frames allow="local-network".',
    );
  }

  if (failure instanceof UnreachableError) {
    advice.push("Does the hub run there, and is `url` right?");
    if (page && page.origin !== hub.origin) {
      advice.push(`If it does, the hub's Origins:Allowed must name the origin of this page, ${page.origin}.`);
    }
  }

  return advice;
}

/** The words may include errors of other code, and so secrets. */
function withoutSecrets(words: string): string {
  return words.replace(/\bws(token|grant|reconnect)[\w.-]+/g, "…");
}
