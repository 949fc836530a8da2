import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import { describe, expect, test } from 'vitest';
import { compile, operatorCounts } from '#src/compile/index.js';
import { sdap } from '#src/denoise/index.js';
import { dbsnl } from '#src/networks/index.js';
import { applyNetwork, declareParameters, parameterSpecs } from '#src/nn/index.js';
import { probes } from '#src/runtime/blocked-form.js';
import { createRuntime } from '#src/runtime/node/index.js';
import * as t from '#src/tensor/index.js';
import { expectRightNumbers } from './interpreted.js';
import { randomLearning } from './random-network.js';
import { cpuRuntime } from './running.js';

const target = { device: 'cpu', block: 16 } as const;

describe('numbers', () => {
  const cpu = cpuRuntime();

  test('this processor has blocked convolutions, or is known not to have any', async () => {
    const found = await cpu().target();
    expect(found.device).toBe('cpu');
    if (process.arch === 'x64') expect([8, 16]).toContain(found.block);
  });

  test.each(Array.from({ length: 24 }, (_, seed) => seed))('random network %i', async (seed) => {
    await expectRightNumbers(cpu(), randomLearning(seed, 16));
  });

  // As on a processor that has no such convolutions.
  test.each(Array.from({ length: 6 }, (_, seed) => seed))(
    'random network %i, without blocks',
    async (seed) => {
      await using runtime = await createRuntime({ device: 'cpu', threads: 1, target: { device: 'cpu' } });
      await expectRightNumbers(runtime, randomLearning(seed, 16));
    },
  );
});

describe('the probe of the processor', () => {
  test.each([8, 16] as const)('has all that is spelled in blocks of %i', (block) => {
    const used = new Set<string>();
    for (const write of probes) {
      const { bytes } = compile(write(), { device: 'cpu', block });
      for (const { domain, opType, attribute } of fromBinary(ModelProtoSchema, bytes).graph?.node ?? []) {
        if (domain === '') continue;
        used.add(opType);
        for (const { name, s } of attribute) if (name === 'activation') used.add(new TextDecoder().decode(s));
      }
    }
    const kinds = ['ReorderInput', 'ReorderOutput', 'Conv', 'MaxPool', 'AveragePool', 'Upsample'];
    expect([...used]).toEqual(expect.arrayContaining([...kinds, 'Relu', 'LeakyRelu']));
  });
});

describe('structure', () => {
  const conv = (options: t.ConvolutionOptions, [into, out]: readonly [number, number], kernel = 3) =>
    t.trace(({ input }) => {
      const x = input('x', [2, into, 16, 16]);
      return { y: t.relu(t.conv2d(x, input('weight', [out, into, kernel, kernel]), undefined, options)) };
    });

  test('an activation and a residual are part of the convolution before them', () => {
    expect(operatorCounts(compile(conv({ padding: 1 }, [16, 32]), target))).toEqual({
      ReorderInput: 1,
      Reshape: 3,
      Transpose: 1,
      Gather: 1,
      Conv: 1,
      ReorderOutput: 1,
    });
    const residual = t.trace(({ input }) => {
      const x = input('x', [2, 16, 16, 16]);
      return { y: t.add(t.conv2d(x, input('weight', [16, 16, 3, 3]), undefined, { padding: 1 }), x) };
    });
    expect(operatorCounts(compile(residual, target))['Add']).toBeUndefined();
  });

  test('a weight is laid out by one transposition of matrices and a gathering, backwards too', () => {
    const backward = t.trace(({ input }) => {
      const x = input('x', [1, 16, 9, 9]);
      const y = t.conv2d(x, input('weight', [32, 16, 3, 3]), undefined, { padding: 1 });
      const [slope = x] = t.gradientsOf(t.sum(t.multiply(y, input('upstream', y.shape))), [x]);
      return { slope };
    });
    const found = operatorCounts(compile(backward, target));
    expect(found).toMatchObject({ Conv: 1, Transpose: 1, Gather: 1 });
    expect(found['Slice']).toBeUndefined();
  });

  test('few pixels are convolved with the weight as it is, forward and backward', () => {
    const both = t.trace(({ input }) => {
      const x = input('x', [1, 16, 8, 8]);
      const y = t.conv2d(x, input('weight', [16, 16, 3, 3]), undefined, { padding: 1 });
      const [slope = x] = t.gradientsOf(t.sum(t.multiply(y, y)), [x]);
      return { slope };
    });
    const found = operatorCounts(compile(both, target));
    expect(found).toMatchObject({ Conv: 1, ConvTranspose: 1 });
    for (const name of ['Transpose', 'Slice', 'Gather', 'ReorderInput']) expect(found[name]).toBeUndefined();
  });

  test('what does not fill blocks, is grouped, or is a 1×1 kernel on a plain image stays plain', () => {
    for (const program of [conv({}, [3, 16]), conv({}, [16, 24]), conv({}, [16, 16], 1)])
      expect(operatorCounts(compile(program, target))).toEqual({ Conv: 1, Relu: 1 });
  });

  test('without a block, and on GPUs, nothing is blocked', () => {
    for (const device of ['cpu', 'webgpu', 'cuda'] as const)
      expect(operatorCounts(compile(conv({}, [16, 16]), { device }))['ReorderInput']).toBeUndefined();
  });

  test('a training step of SDAP changes layouts as seldom as it can', () => {
    const network = dbsnl({ in_ch: 3, out_ch: 3, base_ch: 128, num_module: 9 });
    const size = { batch: 1, patch: 160 };
    const program = t.trace(({ input, inputs }) => {
      const weights = inputs('parameter', parameterSpecs(declareParameters(network, [1, 3, 160, 160])));
      const patches = input('patches', [1, 3, 160, 160]);
      const draws = inputs('draws', sdap.training.specs(size));
      const { value, gradients } = t.valueAndGrad((parameters: t.TensorRecord) =>
        sdap.training.objective((x) => applyNetwork(network, parameters, x), patches, draws),
      )(weights);
      return { loss: value, gradient: gradients };
    });
    const found = operatorCounts(compile(program, target));
    // 20 weight gradients of 3×3 and 5×5 kernels are convolutions too; no slices of images, no residual sums. Weights are
    // laid out by gathering: of 47 convolutions, forward and backward.
    expect(found).toMatchObject({ Conv: 49 + 48 + 20, Relu: 1, Gather: 1 + 2 * 20 + 2 * 47, Pad: 20 });
    expect(found['ReorderInput']).toBeLessThanOrEqual(2 + 20);
    expect(found['Add'] ?? 0).toBeLessThanOrEqual(2);
  });
});
