import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import { describe, expect, test } from 'vitest';
import { type CompiledModel, compile } from '#src/compile/index.js';
import { probes } from '#src/runtime/blocked-form.js';
import { expectRightNumbers } from './interpreted.js';
import { randomApplying, randomLearning } from './random-network.js';
import { cpuRuntime } from './running.js';
import { unblocked } from './unblocked.js';

/** How many operators of each kind a model has that only processors with convolutions in its blocks can run. */
function blockedOperators({ bytes }: CompiledModel): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { domain, opType } of fromBinary(ModelProtoSchema, bytes).graph?.node ?? [])
    if (domain === 'com.microsoft.nchwc') counts[opType] = (counts[opType] ?? 0) + 1;
  return counts;
}

// A processor has convolutions in blocks of 8 channels, of 16, or none; what is compiled for either is tested on all.
describe.each([8, 16] as const)('blocks of %i, on any processor', (block) => {
  const cpu = cpuRuntime();
  const other = block === 8 ? 16 : 8;
  const target = { device: 'cpu', block } as const;
  const seeds = Array.from({ length: 12 }, (_, seed) => seed);
  const isBlocked = (seed: number): boolean =>
    'Conv' in blockedOperators(compile(randomLearning(seed, block), target));

  test('most of the networks are spelled in them, and none is when it is respelled', () => {
    expect(seeds.filter(isBlocked).length).toBeGreaterThanOrEqual(seeds.length / 2);
    for (const seed of seeds)
      expect(blockedOperators(unblocked(compile(randomLearning(seed, block), target), block))).toEqual({});
  });

  test.each(seeds)('random network %i, forwards and backwards', async (seed) => {
    const program = randomLearning(seed, block);
    await expectRightNumbers(cpu(), program, unblocked(compile(program, target), block));
  });

  test.each(seeds.slice(0, 3))("random network %i, by Winograd's filtering", async (seed) => {
    const program = randomApplying(seed, block);
    const compiled = compile(program, target);
    expect(blockedOperators(compiled)['Conv']).toBeGreaterThanOrEqual(2);
    await expectRightNumbers(cpu(), program, unblocked(compiled, block));
  });

  test.each([...probes.entries()])('probe %i of the processor', async (_, write) => {
    const program = write();
    await expectRightNumbers(cpu(), program, unblocked(compile(program, target), block));
  });

  // What makes the tests above tell anything: images of whole blocks of either size, read in blocks of the other.
  test.each([
    ['forwards and backwards', randomLearning(seeds.find(isBlocked) ?? 0, 16)],
    ["by Winograd's filtering", randomApplying(0, 16)],
  ])('numbers in blocks of another size are found out, %s', async (_, program) => {
    const wrong = unblocked(compile(program, target), other);
    await expect(expectRightNumbers(cpu(), program, wrong)).rejects.toThrow('to be less than');
  });
});
