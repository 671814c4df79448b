import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/*/*.test.ts'],
    exclude: ['test/snapshots/**'],
    globalSetup: ['test/support/shared-folder.ts'],
    testTimeout: 60_000,
    hookTimeout: 240_000,
    // Tests start processes of their own; two cores are soon busy.
    maxWorkers: 2,
  },
});
