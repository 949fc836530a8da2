import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    // Processes, not threads: the runtime starts worker threads of its own and native code lives in them.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // The built package is loaded by Node itself, as its users load it.
    server: { deps: { external: [/\/dist\//] } },
  },
});
