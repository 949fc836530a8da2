import { expect, test } from 'vitest';
import { cpuTarget } from '#src/runtime/blocked-form.js';
import { createRuntime } from '#src/runtime/node/index.js';

test('a form that could not be tried is tried again by the next runtime', async () => {
  const machine = { device: 'cpu', threads: 1, target: { device: 'cpu' } } as const;
  const gone = await createRuntime(machine);
  await gone.close();
  await expect(cpuTarget(gone)).rejects.toThrow();
  await using there = await createRuntime(machine);
  let tried = 0;
  const counted: typeof there = {
    ...there,
    load(...args) {
      tried += 1;
      return there.load(...args);
    },
  };
  expect(await cpuTarget(counted)).toMatchObject({ device: 'cpu' });
  expect(tried).toBeGreaterThan(0);
});
