/** Takes the token out of a URL into which the stock client put it, so that it can be sent where nobody logs it. */
export function splitAccessToken(url: string | URL): { readonly bareUrl: string; readonly token: string | null } {
  const bare = new URL(url);
  const token = bare.searchParams.get("access_token");
  bare.searchParams.delete("access_token");
  return { bareUrl: bare.href, token };
}
