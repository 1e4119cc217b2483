import { ConnectionError } from "./errors/ConnectionError.js";
import { SignInRequiredError } from "./errors/SignInRequiredError.js";
import { jsonIn } from "./jsonIn.js";
import { cursorsIn } from "./resume/cursorsIn.js";
import type { TokenEndpointOptions } from "./TokenEndpointOptions.js";
import type { TokenWithCursors } from "./TokenWithCursors.js";

/**
 * A token source on an endpoint of your web application that answers `{ "token": "wstoken…", "cursors": { … } }` to a POST, with or
 * without the cursors. A token that the page brought along in `<meta name="hub-token" content="…" data-cursors="…">` is used first:
 * that saves the first request, and with its cursors nothing is missed of what is published after the page was rendered.
 * An answer of 401 or 403 means that the user must sign in again.
 */
export function tokenFrom(url: string, options: TokenEndpointOptions = {}): (signal?: AbortSignal) => Promise<TokenWithCursors> {
  return async (signal) => takeTokenOfPage() ?? (await fetchToken(url, options, signal));
}

/** Removes the element, because what it holds works once: a second client on the page must fetch its own. */
function takeTokenOfPage(): TokenWithCursors | undefined {
  if (typeof document === "undefined") {
    return undefined;
  }

  const meta = document.querySelector<HTMLMetaElement>('meta[name="hub-token"]');
  meta?.remove();
  return meta?.content ? { token: meta.content, cursors: cursorsIn(jsonIn(meta.dataset["cursors"])) } : undefined;
}

async function fetchToken(url: string, { headers }: TokenEndpointOptions, signal?: AbortSignal): Promise<TokenWithCursors> {
  const response = await fetch(url, {
    method: "POST",
    credentials: "same-origin",
    cache: "no-store",
    headers: { ...headers, accept: "application/json" },
    signal: signal ?? null,
  }).catch((cause: unknown) => {
    throw new ConnectionError("The token endpoint could not be reached.", { cause });
  });
  if (response.status === 401 || response.status === 403) {
    throw new SignInRequiredError();
  }

  const answer: unknown = response.ok ? await response.json().catch(() => undefined) : undefined;
  if (!isTokenAnswer(answer)) {
    throw new ConnectionError(`The token endpoint answered with ${response.status} and no token.`);
  }

  return { token: answer.token, cursors: cursorsIn(answer.cursors) };
}

function isTokenAnswer(answer: unknown): answer is { token: string; cursors?: unknown } {
  return typeof answer === "object" && answer !== null && "token" in answer && typeof answer.token === "string";
}
