import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { meanings } from "../dashboard/meanings.js";

const page = readFileSync(new URL("../../docs/protocol.md", import.meta.url), "utf8");

function codesBelow(heading: string, row: RegExp): string[] {
  const [, section = ""] = page.split(`\n${heading}\n`);
  return [...(section.split("\n#")[0] ?? "").matchAll(row)].map(([, code = ""]) => code);
}

test("The dashboard says of every code what it means, with which the hub refuses or ends a connection", () => {
  const codes = [
    ...codesBelow("## Refusals", /^\| \d{3} \| `(\w+)` \|/gm),
    ...codesBelow("### What it refuses", /^\| \d{3} \| `(\w+)` \|/gm),
    ...codesBelow("## Why a connection ends", /^\| `(\w+)` \|/gm),
  ];

  expect(codes.length).toBeGreaterThan(40);
  expect(codes.filter((code) => !Object.hasOwn(meanings, code))).toEqual([]);
});
