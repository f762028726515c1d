import nextJest from "next/jest.js";

export default nextJest({ dir: import.meta.dirname })({
  testEnvironment: "jsdom",
  testMatch: ["<rootDir>/{lib,components,app,scripts}/**/*.test.{ts,tsx,mjs}"],
  setupFilesAfterEnv: ["<rootDir>/tests/setup.ts"],
  moduleNameMapper: { "^@/(.*)$": "<rootDir>/$1" },
  modulePathIgnorePatterns: ["<rootDir>/.next/", "<rootDir>/out/", "<rootDir>/dist/"],
});
