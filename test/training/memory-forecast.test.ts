import { expect, test } from 'vitest';
import { matmul, multiply, trace } from '#src/tensor/index.js';
import { checkMemory, fitting, MemoryShortage, stepMemory } from '#src/training/memory-forecast.js';

/** A step on so many values, with a parameter of 4 KB and a frozen network of 2 KB. */
const program = (rows: number) =>
  trace(({ input, inputs }) => {
    const { w } = inputs('parameter', { w: { shape: [32, 32] } });
    const { f } = inputs('frozen', { f: { shape: [512] } });
    const x = input('patches', [rows, 32]);
    return { loss: w === undefined || f === undefined ? x : multiply(matmul(x, w), 2) };
  });

const thrown = (work: () => void): MemoryShortage => {
  try {
    work();
  } catch (error) {
    if (error instanceof MemoryShortage) return error;
  }
  throw new Error('nothing was thrown');
};

test('what grows with the batch is told from what does not', () => {
  const one = stepMemory(program(1000), 3);
  const two = stepMemory(program(2000), 3);
  expect(one.fixed).toBe(4096 * 4 + 2048);
  expect(two.fixed).toBe(one.fixed);
  expect(two.growing).toBeCloseTo(2 * one.growing, 5);
  expect(one.growing).toBeGreaterThanOrEqual(1000 * 32 * 4);
});

test('a step that is too large is refused, with what to make smaller and how much fits', () => {
  const cpu = { device: 'cpu' } as const;
  const course = { copies: 3 };
  const { fixed, growing } = stepMemory(program(8000), 3);
  checkMemory(cpu, program(8000), course, fixed + growing);
  checkMemory({ device: 'webgpu' }, program(8000), course, 0);
  const half = thrown(() => checkMemory(cpu, program(8000), course, fixed + growing / 2));
  expect(half.message).toMatch(/^a training step takes \d\.\d GB of memory, and \d\.\d GB are free; make /);
  expect(fitting(half, { batch: 8, patch: 128 })).toBe('make the batch smaller: `batch` 3 fits');
  expect(fitting(half, { batch: 1, patch: 128 })).toBe('make the patches smaller: `patch` up to 80 fits');
  const tenth = thrown(() => checkMemory(cpu, program(8000), course, fixed + growing / 10));
  expect(fitting(tenth, { batch: 4, patch: 128 })).toBe(
    'make the patches smaller: `patch` up to 72 with `batch` 1 fits',
  );
  const none = thrown(() => checkMemory(cpu, program(8000), course, fixed / 2));
  expect(fitting(none, { batch: 4, patch: 128 })).toMatch(/^take a smaller network/);
  // A later stage on larger patches is asked for before the first.
  expect(() => checkMemory(cpu, program(8000), { ...course, growth: 2 }, fixed + 1.5 * growing)).toThrow(
    MemoryShortage,
  );
});
