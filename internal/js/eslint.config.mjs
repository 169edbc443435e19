// ESLint's rules for the repository's JavaScript; `make lint` runs it from the root.
import js from "@eslint/js";
import { importX } from "eslint-plugin-import-x";
import globals from "globals";

const notebook = { ...globals.amd, $: "readonly", Jupyter: "readonly" };

export default [
  { ignores: ["dist/", ".envs/", "**/node_modules/", "**/static/", "e2e/testdata/seed/"] }, // the seed is as it was given
  js.configs.recommended,
  {
    plugins: { import: importX },
    languageOptions: { ecmaVersion: 2024, sourceType: "module", globals: globals.browser },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "array-callback-return": "error",
      eqeqeq: "error",
      "import/export": "error",
      "import/named": "error",
      "import/no-cycle": "error",
      "import/no-duplicates": "error",
      "import/no-self-import": "error",
      "no-constructor-return": "error",
      "no-self-compare": "error",
      "no-unused-vars": ["error", { ignoreRestSiblings: true, argsIgnorePattern: "^_" }],
      "no-useless-return": "error",
      "no-var": "error",
      "prefer-const": ["error", { destructuring: "all" }],
    },
  },
  {
    // AMD modules and scripts of the classic Notebook.
    files: ["nbextension/*.js", "nbextension/gocomm/extension/main.js", "examples/react/tasks/page/main.js", "e2e/testdata/**/*.js", "e2e/deaths/*.js", "measure/bench/page/empty.js"],
    languageOptions: { sourceType: "script", globals: notebook },
    rules: { "no-var": "off" },
  },
  {
    // wasm_exec.js is put into it, and uses what seems unused.
    files: ["internal/tool/wasmexec.js"],
    rules: { "no-unused-vars": "off", "no-shadow-restricted-names": "off" },
  },
  { files: ["internal/js/run.js"], languageOptions: { globals: globals.node } },
  { files: ["measure/**/*.js"], languageOptions: { globals: notebook } }, // run on a notebook's page
];
