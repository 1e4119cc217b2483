import { defineConfig } from "eslint/config";
import { configs } from "typescript-eslint";

// typescript-eslint reads types by the compiler's API, which TypeScript 7 has no more: so `typescript` is version 6 here, and what checks and
// builds is `typescript7`.
export default defineConfig(
  { files: ["src/**/*.ts", "tests/**/*.ts", "vitest.config.ts"], extends: [configs.strictTypeChecked] },
  {
    files: ["**/*.ts"],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },
  // A function that a test gives away is async because its type is.
  { files: ["tests/**/*.ts"], rules: { "@typescript-eslint/require-await": "off" } },
);
