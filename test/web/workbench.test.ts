import { expect, test } from 'vitest';
import { RevelaError } from '#src/errors.js';
import { createRuntime } from '#src/runtime/node/index.js';
import type { EngineChoice } from '#src/runtime/web/index.js';
import { Workbench } from '#src/web/workbench.js';

/** A workbench of a real runtime, and what it was asked to open. */
async function bench() {
  const opened: EngineChoice[] = [];
  const open = async (choice: EngineChoice) => {
    opened.push(choice);
    return { runtime: await createRuntime({ device: 'cpu', threads: 1 }), reason: 'it is a test' };
  };
  return { opened, workbench: await Workbench.open(open, 'nowhere/', 'auto') };
}

test('where memory runs out, smaller tiles are tried, down to the smallest', async () => {
  const { opened, workbench } = await bench();
  const error = new RevelaError('the memory of the device ran out', { code: 'ERR_MEMORY' });
  const before = workbench.runtime;
  expect(await workbench.mend(error)).toBe('memory');
  expect(workbench.tile).toBe(256);
  expect(workbench.runtime, 'memory that grew is given back').not.toBe(before);
  await expect(before.held()).rejects.toThrow('closed');
  expect(await workbench.mend(error)).toBe('memory');
  expect(workbench.tile).toBe(128);
  expect(await workbench.mend(error)).toBeUndefined();
  expect(opened).toEqual(['auto', 'auto', 'auto']);
  await workbench.runtime.close();
});

test('what ended is begun again; of other errors nothing is changed', async () => {
  const { opened, workbench } = await bench();
  const { runtime } = workbench;
  expect(await workbench.mend(new Error('a wrong option'))).toBeUndefined();
  expect(workbench.runtime).toBe(runtime);
  await runtime.close();
  expect(await workbench.mend(new Error('it ended'))).toBe('ended');
  expect(await workbench.runtime.held()).toBeDefined();
  expect(workbench.tile).toBeUndefined();
  expect(opened).toEqual(['auto', 'auto']);
  await workbench.runtime.close();
});
