import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["./test/support/property-seed.ts"],
    // Two cores are what CI has; files that start processes or measure nothing share them.
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: process.env.CI ? ["default", "./test/support/ci-summary.ts"] : ["default"],
  },
});
