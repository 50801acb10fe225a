import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // A deployment starts wrangler twenty times.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
});
