import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // A deployment starts wrangler twenty times.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
});
