import { availableParallelism, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Bytes that the largest test files take. */
const workerBytes = 3 * 2 ** 30;

/** Rooms whose tests leave nothing behind: their files share a process, since to load the package takes longer than most of them. */
const shared = [
  'denoise',
  'images',
  'networks',
  'nn',
  'noise',
  'pixels',
  'quality',
  'report',
  'tensor',
  'training',
  'upscale',
  'weights',
];
const filesOf = (rooms: readonly string[]) => rooms.map((room) => `test/${room}/**/*.test.ts`);

/** Short files that take minutes, by what they start. Vitest begins with the largest files: one of these would be the last to end. */
const long =
  /\/(?:adapt|cases|harmful-cases|il-niqe|memory-of-sizes|open-distances|train-niqe|train-scorer|train-upscaler|train-validation|winograd|restore\/upscale)\.test\.ts$/;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => long.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    environment: 'node',
    globalSetup: 'test/end-of-run.ts',
    // Processes, not threads: the runtime starts worker threads of its own and native code lives in them.
    pool: 'forks',
    // More than one a core makes files slower than it makes the whole faster, and measurements of memory unsteady.
    maxWorkers: Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / workerBytes))),
    sequence: { sequencer: LongestFirst },
    // What somebody's own models are changes no test: they begin with a folder that is not there.
    env: { REVELA_MODELS: join(tmpdir(), 'revela-tests-have-no-models') },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // What is waited for comes late on a machine with much to do; the usual second would call that a fault.
    expect: { poll: { timeout: 60_000 } },
    // Of two pictures that differ everywhere the whole difference takes days, in which no limit ends the test.
    diff: { truncateThreshold: 500 },
    // The built package is loaded by Node itself, as its users load it.
    server: { deps: { external: [/\/dist\//] } },
    projects: [
      { extends: true, test: { name: 'shared', include: filesOf(shared), isolate: false } },
      {
        extends: true,
        test: { name: 'alone', include: ['test/**/*.test.ts'], exclude: filesOf(shared) },
      },
    ],
  },
});
