import { defineConfig } from "vitest/config";

/** The tests that can tell a mutant of src/resuming from it. They run in a copy of this package, which has no docs beside it. */
export default defineConfig({
  test: {
    include: [
      "tests/resuming/*.test.ts",
      "tests/vectors/*.test.ts",
      "tests/PushClientResume.test.ts",
      "tests/PushClientUnreadable.test.ts",
    ],
    testTimeout: 20_000,
  },
});
