import { readdirSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { Vector } from "./Vector.js";

/** Where the tests run in a copy of this package, they are told where docs/vectors is. */
const folder = process.env["HUB_VECTORS"]
  ? pathToFileURL(`${process.env["HUB_VECTORS"]}/`)
  : new URL("../../../docs/vectors/", import.meta.url);

/** The vectors of docs/vectors, by topic. */
export function vectorFiles(): ReadonlyMap<string, readonly Vector[]> {
  const topics = readdirSync(folder).map((file) => file.replace(/\.json$/, ""));
  return new Map(topics.map((topic) => [topic, vectorsOf(topic)]));
}

function vectorsOf(topic: string): readonly Vector[] {
  const { vectors } = JSON.parse(readFileSync(new URL(`${topic}.json`, folder), "utf8")) as { readonly vectors: readonly Vector[] };
  return vectors;
}
