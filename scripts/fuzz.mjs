// `npm run fuzz -- --minutes 10 [--seed 7] [--reader safetensors]`: hands changed files to every reader for so many
// minutes each. What ends otherwise than in a result or in one line is kept in build/fuzz. `npm test` does 2,000 inputs a reader.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    reader: { type: 'string' },
  },
});
for (const name of ['minutes', 'seed']) {
  if (Number(values[name]) >= 0) continue;
  console.error(`fuzz: --${name} must be a number, got ${values[name]}`);
  process.exit(2);
}
console.log(`fuzz: seed ${values.seed}, ${values.minutes} minutes a reader`);
const { status } = spawnSync(
  process.execPath,
  [
    join(root, 'node_modules/vitest/vitest.mjs'),
    'run',
    'test/fuzz',
    ...(values.reader === undefined ? [] : ['-t', values.reader]),
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, REVELA_FUZZ_MINUTES: values.minutes, REVELA_FUZZ_SEED: values.seed },
  },
);
process.exit(status ?? 1);
