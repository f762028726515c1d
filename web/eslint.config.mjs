import next from "eslint-config-next/core-web-vitals";
import typescript from "eslint-config-next/typescript";
import prettier from "eslint-config-prettier";

const nextOutsideApp = { group: ["next", "next/*"], message: "next/* is imported in app/ only." };

export default [
  {
    ignores: [
      ".next/**",
      "out/**",
      "dist/**",
      "node_modules/**",
      "public/**",
      "test-results/**",
      "playwright-report/**",
    ],
  },
  ...next,
  ...typescript,
  prettier,
  {
    rules: {
      "no-restricted-syntax": ["error", { selector: "TSEnumDeclaration", message: "Use a union of strings." }],
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_" }],
      eqeqeq: "error",
      "import/no-anonymous-default-export": "off",
    },
  },
  {
    files: ["components/**", "tests/**", "scripts/**"],
    rules: { "@typescript-eslint/no-restricted-imports": ["error", { patterns: [nextOutsideApp] }] },
  },
  { files: ["lib/**", "scripts/**", "tests/**"], rules: { "react-hooks/rules-of-hooks": "off" } },
  {
    // The floor under React: it runs in a worker, a test or another board just as well.
    files: ["lib/**"],
    rules: {
      "@typescript-eslint/no-restricted-imports": [
        "error",
        {
          patterns: [
            nextOutsideApp,
            { group: ["react", "react/*", "react-dom", "react-dom/*"], message: "lib/ is free of React." },
            { group: ["radix-ui", "lucide-react", "motion", "motion/*"], message: "lib/ is free of React." },
            { group: ["@/components/*", "@/app/*", "../components/*", "../app/*"], message: "Imports point down." },
          ],
          paths: [{ name: "zustand", message: "Use zustand/vanilla: lib/ is free of React." }],
        },
      ],
    },
  },
  {
    // Components show and ask; what leaves the page goes through lib/.
    files: ["components/**"],
    ignores: ["**/*.test.tsx"],
    rules: {
      "no-restricted-globals": [
        "error",
        ...["fetch", "WebSocket", "EventSource", "indexedDB", "localStorage", "sessionStorage"].map((name) => ({
          name,
          message: "Components hold no sockets, no fetch and no storage: lib/ does.",
        })),
      ],
    },
  },
];
