import { SignInRequiredError } from "./errors/SignInRequiredError.js";
import { TokenError } from "./errors/TokenError.js";
import { wordsOf } from "./errors/wordsOf.js";
import { jsonIn } from "./jsonIn.js";
import { cursorsIn } from "./resuming/cursorsIn.js";
import { shownUrl } from "./shownUrl.js";
import type { TokenEndpointOptions } from "./TokenEndpointOptions.js";
import type { AccessToken } from "./AccessToken.js";

/**
 * A token source that asks an endpoint of your web application, which answers a POST with `{ "token": "wstoken…", "cursors": { … } }`; the
 * cursors may be missing. If the page has a token in `<meta name="hub-token" content="…" data-cursors="…">`, that is used first: it saves a
 * request, and with its cursors the client misses nothing that is published after the page was rendered.
 *
 * An answer of 401 or 403 means that the user must sign in again, and so does a redirect that does not lead to a token.
 */
export function tokenFrom(url: string, options: TokenEndpointOptions = {}): (signal?: AbortSignal) => Promise<AccessToken> {
  return async (signal) => takeTokenOfPage() ?? (await fetchToken(url, options, signal));
}

/** Removes the element, because its token works once: a second client on the page must fetch its own. */
function takeTokenOfPage(): AccessToken | undefined {
  if (typeof document === "undefined") {
    return undefined;
  }

  const meta = document.querySelector<HTMLMetaElement>('meta[name="hub-token"]');
  meta?.remove();
  return meta?.content ? { token: meta.content, cursors: cursorsIn(jsonIn(meta.dataset["cursors"])) } : undefined;
}

async function fetchToken(
  url: string,
  { headers, credentials = "same-origin" }: TokenEndpointOptions,
  signal?: AbortSignal,
): Promise<AccessToken> {
  const endpoint = new URL(url, typeof location === "undefined" ? undefined : location.href);
  const given = typeof headers === "function" ? await headers() : headers;
  const init = {
    method: "POST",
    credentials,
    cache: "no-store",
    headers: { ...given, accept: "application/json" },
    signal: signal ?? null,
  } as const;
  const answer = await post(endpoint, { ...init, redirect: "manual" });
  return isRedirect(answer) ? await tokenBehind(endpoint, init) : await tokenIn(answer, endpoint);
}

async function post(endpoint: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(endpoint, init);
  } catch (cause) {
    throw new TokenError(
      `The token endpoint at ${shownUrl(endpoint)} could not be reached: ${wordsOf(cause)}. ${adviceOnReaching(endpoint)}`,
      { cause },
    );
  }
}

function adviceOnReaching({ origin }: URL): string {
  const isForeign = typeof location !== "undefined" && location.origin !== origin;
  return isForeign ? `Is it there, and do its CORS rules let in pages of ${location.origin}?` : "Is it there?";
}

/** A page sees of a redirect only that it was one. */
function isRedirect({ type, status }: Response): boolean {
  return type === "opaqueredirect" || (status >= 300 && status < 400);
}

/** Follows a redirect, since only its end shows whether it leads to a token or to a page to sign in, if this page may see that at all. */
async function tokenBehind(endpoint: URL, init: RequestInit): Promise<AccessToken> {
  const answer = await fetch(endpoint, init).catch(() => undefined);
  if (answer && answer.status >= 500) {
    throw noToken(answer, endpoint);
  }

  const token = answer && (await readToken(answer));
  if (!token) {
    throw new SignInRequiredError(
      `The user must sign in again: the token endpoint at ${shownUrl(endpoint)} redirects to something that is no token.`,
    );
  }

  return token;
}

async function tokenIn(answer: Response, endpoint: URL): Promise<AccessToken> {
  if (answer.status === 401 || answer.status === 403) {
    throw new SignInRequiredError(
      `The user must sign in again: the token endpoint at ${shownUrl(endpoint)} answered with ${answer.status}.`,
    );
  }

  const token = await readToken(answer);
  if (!token) {
    throw noToken(answer, endpoint);
  }

  return token;
}

async function readToken(answer: Response): Promise<AccessToken | undefined> {
  const body: unknown = answer.ok ? await answer.json().catch(() => undefined) : undefined;
  return isTokenAnswer(body) ? { token: body.token, cursors: cursorsIn(body.cursors) } : undefined;
}

function noToken({ ok, status }: Response, endpoint: URL): TokenError {
  const advice = ok ? 'It must answer a POST with JSON like {"token":"…"}.' : "Is that its address, and does it take a POST?";
  return new TokenError(`The token endpoint at ${shownUrl(endpoint)} answered with ${status} and no token. ${advice}`);
}

function isTokenAnswer(answer: unknown): answer is { token: string; cursors?: unknown } {
  return typeof answer === "object" && answer !== null && "token" in answer && typeof answer.token === "string";
}
