import { availableParallelism, totalmem } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Bytes that the largest test files take. */
const workerBytes = 3 * 2 ** 30;

export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    // Processes, not threads: the runtime starts worker threads of its own and native code lives in them.
    pool: 'forks',
    maxWorkers: Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / workerBytes))),
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // The built package is loaded by Node itself, as its users load it.
    server: { deps: { external: [/\/dist\//] } },
  },
});
