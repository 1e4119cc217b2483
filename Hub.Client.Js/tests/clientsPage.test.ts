import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

function textOf(path: string): string {
  return readFileSync(new URL(path, import.meta.url), "utf8");
}

/** What matches in a text, each time the first group. */
function all(pattern: RegExp, text: string): string[] {
  return [...text.matchAll(pattern)].map(([, name = ""]) => name).sort();
}

test("docs/clients.md has every option of the client and no other", () => {
  const [, options = ""] = textOf("../../docs/clients.md").split("\n## ");
  const declared = ["PushClientOptions", "RetryOptions"].map((file) => textOf(`../src/${file}.ts`)).join("");

  expect(all(/^\| [^|`]+ \| [^|]+ \| `(\w+)`/gm, options)).toEqual(all(/^ {2}readonly (\w+)\??:/gm, declared));
});
