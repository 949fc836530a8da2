import { describe, expect, test } from 'vitest';
import { featureDiscriminator, type FeatureDiscriminatorConfig } from '#src/networks/index.js';
import { declareParameters, initialiseParameters, scopeOf } from '#src/nn/index.js';
import { trace } from '#src/tensor/index.js';
import { cpuRuntime, run } from '../compile/running.js';
import { fed, randomValue } from './small-clip.js';

const cpu = cpuRuntime();
const shape = [1, 6, 5, 5];

const plain: FeatureDiscriminatorConfig = { layers: ['layer2'], hidden: 4 };

const declaredBy = (config: FeatureDiscriminatorConfig) =>
  declareParameters((scope, x) => featureDiscriminator(config)(scope, { layer2: x }), shape);

const weightsOf = (config: FeatureDiscriminatorConfig): Record<string, readonly number[]> =>
  Object.fromEntries(
    [...declaredBy(config)].flatMap(([key, declared]) =>
      /weight(?:_orig)?$/.test(key) ? [[key, declared.shape]] : [],
    ),
  );

/** Positions whose logit changes with the features in the middle. */
async function touched(config: FeatureDiscriminatorConfig): Promise<number> {
  const parameters = initialiseParameters(declaredBy(config), 3);
  const program = trace(({ input, inputs }) => {
    const [logits] = featureDiscriminator(config)(scopeOf(inputs('p', parameters)), {
      layer2: input('x', shape),
    });
    if (logits === undefined) throw new Error('no logits');
    return { logits };
  });
  const x = randomValue(shape, 1);
  const other = { ...x, data: Float32Array.from(x.data, Number) };
  for (let channel = 0; channel < 6; channel++) other.data[channel * 25 + 12] = 3;
  const [before, after] = [
    await run(cpu(), program, { ...fed(parameters), x }),
    await run(cpu(), program, { ...fed(parameters), x: other }),
  ].map(({ logits }) => Array.from(logits?.data ?? [], Number));
  return (before ?? []).filter((logit, i) => logit !== after?.[i]).length;
}

describe('the heads of Feat-D', () => {
  test('have three 1×1 convolutions where nothing else is said', () => {
    expect(weightsOf(plain)).toEqual({
      '0.0.weight_orig': [4, 6, 1, 1],
      '0.2.weight_orig': [4, 4, 1, 1],
      '0.4.weight': [1, 4, 1, 1],
    });
  });

  test('are as deep as is said, with larger kernels in the middle', () => {
    expect(weightsOf({ ...plain, depth: 4, kernel: 3 })).toEqual({
      '0.0.weight_orig': [4, 6, 1, 1],
      '0.2.weight_orig': [4, 4, 3, 3],
      '0.4.weight_orig': [4, 4, 3, 3],
      '0.6.weight': [1, 4, 1, 1],
    });
    expect(Object.keys(weightsOf({ ...plain, depth: 2 }))).toEqual(['0.0.weight_orig', '0.2.weight']);
  });

  test('look at a position alone, or at its neighbours too', async () => {
    expect(await touched(plain)).toBe(1);
    expect(await touched({ ...plain, kernel: 3 })).toBe(9);
    expect(await touched({ ...plain, kernel: 3, depth: 4 })).toBe(25);
  });
});
