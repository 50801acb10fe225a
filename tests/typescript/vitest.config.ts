import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // A test that starts compilers takes longer than the default of five seconds on a busy machine.
    testTimeout: 60_000,
  },
});
