/**
 * Asks what a backend would ask at `/api` with its key. Resolves with the answer, or throws an error that says in words for people what was
 * wrong.
 */
export async function ask(method, path, body) {
  const response = await send(method, path, body);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new Error(answer.detail ?? answer.title ?? `The hub answered with ${response.status}.`);
  }

  return answer;
}

/** A path in which each name is one segment, whatever it is: at`users/${"a/b"}/ban` is `users/a%2Fb/ban`. */
export function at(segments, ...names) {
  return String.raw({ raw: segments }, ...names.map(encodeURIComponent));
}

/** What became of an act, in words for the person who made it. */
export async function report(output, act) {
  try {
    output.textContent = await act();
    output.removeAttribute("data-failed");
  } catch ({ message }) {
    output.textContent = message;
    output.setAttribute("data-failed", "");
  }
}

async function send(method, path, body) {
  try {
    return await fetch(`demo/${path}`, {
      method,
      headers: body ? { "content-type": "application/json" } : {},
      body: body && JSON.stringify(body),
    });
  } catch {
    throw new Error("The hub cannot be reached.");
  }
}
