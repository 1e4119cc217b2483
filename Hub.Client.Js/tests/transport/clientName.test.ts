import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { clientName } from "../../src/transport/clientName.js";

test("the client calls itself by the version of its package", () => {
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string };

  expect(clientName).toBe(`realtimehub-js/${version}`);
});
