import stylistic from "@stylistic/eslint-plugin";
import { defineConfig } from "eslint/config";
import { configs } from "typescript-eslint";

// typescript-eslint reads types through the compiler's API, which TypeScript 7 no longer has. So `typescript` is version 6 here, for this
// alone; `typescript7` checks and builds.
export default defineConfig(
  { ignores: ["dist"] },
  { files: ["src/**/*.ts", "dashboard/**/*.ts", "tests/**/*.ts", "vitest.config.ts"], extends: [configs.strictTypeChecked] },
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
  {
    files: ["src/**/*.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector: "CallExpression[callee.property.name='addEventListener'] > ObjectExpression > Property[key.name='signal']",
          message: "Node forgets all but the newest of such listeners. Use listenUntil().",
        },
      ],
    },
  },
  // A function that a test gives away is async because its type is.
  { files: ["tests/**/*.ts"], rules: { "@typescript-eslint/require-await": "off" } },
  // Prettier breaks long code, but no comment. What is quoted and has a line of its own may be longer.
  {
    files: ["**/*.{ts,js,mjs}"],
    plugins: { stylistic },
    rules: { "stylistic/max-len": ["error", { code: 140, ignorePattern: "^\\s*(([\"'`]).*\\2|/\\^.*/);?,?$" }] },
  },
);
