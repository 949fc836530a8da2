import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import { describe, expect, test } from 'vitest';
import { bindInputs, compile, operatorCounts, type CompiledModel } from '#src/compile/index.js';
import { sdap } from '#src/denoise/index.js';
import { dbsnl } from '#src/networks/index.js';
import { applyNetwork, declareParameters, parameterSpecs } from '#src/nn/index.js';
import type { ConvolutionOptions, Program, Tensor } from '#src/tensor/index.js';
import * as t from '#src/tensor/index.js';
import { inputsOf } from '../tensor/case.js';
import { cases, primitives } from '../tensor/cases.js';

const devices = ['cpu', 'webgpu', 'cuda'] as const;

/** A convolution's output or one of its gradients, by itself. */
function part(
  which: 'forward' | 'input' | 'weight',
  kernel: number,
  options: ConvolutionOptions = {},
  { batch = 2, into = 12, out = 10 } = {},
): Program {
  return t.trace((declare) => {
    const x = declare.input('x', [batch, into, 8, 8]);
    const weight = declare.input('weight', [out, into / (options.groups ?? 1), kernel, kernel]);
    const y = t.conv2d(x, weight, undefined, options);
    if (which === 'forward') return { y };
    const [gradient = y] = t.gradientsOf(
      y,
      [which === 'input' ? x : weight],
      declare.input('upstream', y.shape),
    );
    return { gradient };
  });
}

const counts = (program: Program, device: (typeof devices)[number] = 'cpu') =>
  operatorCounts(compile(program, { device }));

const nodesOf = (model: CompiledModel) => fromBinary(ModelProtoSchema, model.bytes).graph?.node ?? [];

describe('convolutions', () => {
  test('a convolution is one Conv', () => {
    expect(counts(part('forward', 3, { padding: 1 }))).toEqual({ Conv: 1 });
  });

  test('the weight gradient of 3×3 is nine slices and nine matrix products', () => {
    const found = counts(part('weight', 3, { padding: 1 }));
    expect(found).toMatchObject({ Slice: 9, MatMul: 9, ReduceSum: 9, Pad: 1, Concat: 1 });
    expect(found['Conv'] ?? 0).toBe(0);
    expect(found['ConvTranspose'] ?? 0).toBe(0);
  });

  test('with one image in the batch there is nothing to sum', () => {
    expect(counts(part('weight', 3, { padding: 1 }, { batch: 1 }))['ReduceSum']).toBeUndefined();
  });

  test.each([
    { into: 3, out: 10 },
    { into: 10, out: 3 },
  ])('with few channels on one side it is one product with all taps of that side: %o', (channels) => {
    for (const device of devices) {
      const found = counts(part('weight', 3, { padding: 1 }, channels), device);
      expect(found).toMatchObject({ Slice: 9, ReduceSum: 1, Pad: 1, Concat: 1 });
      expect((found['MatMul'] ?? 0) + (found['FusedMatMul'] ?? 0)).toBe(1);
    }
  });

  test('the weight gradient of 1×1 is one matrix product, without slices or padding', () => {
    const found = counts(part('weight', 1));
    expect(found['FusedMatMul']).toBe(1);
    for (const absent of ['Slice', 'Pad', 'Concat', 'Conv', 'Transpose'])
      expect(found[absent]).toBeUndefined();
  });

  test('the input gradient at stride 1 is one Conv with the turned weight', () => {
    for (const device of devices) {
      const found = counts(part('input', 3, { padding: 1 }), device);
      expect(found).toMatchObject({ Conv: 1, Transpose: 1 });
      expect(found['ConvTranspose']).toBeUndefined();
      expect(found['Pad']).toBeUndefined();
    }
    expect(counts(part('input', 1))).toEqual({ Conv: 1, Transpose: 1 });
  });

  test('the input gradient of a strided one is one ConvTranspose, and one Conv on WebGPU', () => {
    expect(counts(part('input', 3, { padding: 1, stride: 2 }))).toEqual({ ConvTranspose: 1 });
    const onWebgpu = counts(part('input', 3, { padding: 1, stride: 2 }), 'webgpu');
    expect(onWebgpu['Conv']).toBe(1);
    expect(onWebgpu['ConvTranspose']).toBeUndefined();
  });
});

describe('the layers of U-Nets', () => {
  const gradientOf = (build: (x: Tensor) => Tensor): Program =>
    t.trace((declare) => {
      const x = declare.input('x', [2, 4, 8, 8]);
      const y = build(x);
      const [gradient = y] = t.gradientsOf(y, [x], declare.input('upstream', y.shape));
      return { gradient };
    });

  test('leaky ReLU is one node, and its gradient three more', () => {
    const program = t.trace(({ input }) => ({ y: t.leakyRelu(input('x', [2, 4, 8, 8]), 0.1) }));
    for (const device of devices) expect(counts(program, device)).toEqual({ LeakyRelu: 1 });
    const gradient = gradientOf((x) => t.leakyRelu(x, 0.1));
    expect(counts(gradient)).toEqual({ LeakyRelu: 1, Mul: 2, Clip: 1 });
    expect(counts(gradient, 'webgpu')).toEqual({ LeakyRelu: 1, Greater: 1, Where: 1, Mul: 1 });
  });

  test('doubling is one Resize, and its gradient one AveragePool', () => {
    const program = t.trace(({ input }) => ({ y: t.upsampleNearest(input('x', [2, 4, 8, 8]), 2) }));
    expect(counts(program)).toEqual({ Resize: 1 });
    expect(counts(gradientOf((x) => t.upsampleNearest(x, 2)))).toEqual({
      AveragePool: 1,
      Mul: 1,
    });
  });

  test('the gradient of max pooling takes no taps where windows tile the image', () => {
    const found = counts(gradientOf((x) => t.maxPool2d(x, { kernel: 2 })));
    expect(found).toEqual({ MaxPool: 2, Resize: 3, Equal: 2, Cast: 2, Mul: 2 });
    expect(counts(gradientOf((x) => t.maxPool2d(x, { kernel: 3, stride: 1 })))['Slice']).toBeGreaterThan(8);
  });
});

/** Loss and gradients of one SDAP step with DBSNl of 32 channels and 3 modules: one 160² patch. */
function sdapStep(): Program {
  const network = dbsnl({ in_ch: 3, out_ch: 3, base_ch: 32, num_module: 3 });
  const size = { batch: 1, patch: 160 };
  return t.trace(({ input, inputs }) => {
    const weights = inputs('parameter', parameterSpecs(declareParameters(network, [1, 3, 64, 64])));
    const patches = input('patches', [1, 3, 160, 160]);
    const draws = inputs('draws', sdap.training.specs(size));
    const { value, gradients } = t.valueAndGrad((parameters: t.TensorRecord) =>
      sdap.training.objective((x) => applyNetwork(network, parameters, x), patches, draws),
    )(weights);
    return { loss: value, gradient: gradients };
  });
}

describe('a training step of SDAP', () => {
  const model = compile(sdapStep());
  const found = operatorCounts(model);

  test('has the operators it should have', () => {
    expect(found).toMatchObject({
      // 25 forwards, and backwards all but the one at the picture.
      Conv: 25 + 24,
      Relu: 18,
      Clip: 18,
      // Taps: 9 in 1 + 3 layers of one branch; 25 in 1 and 9 in 3 of the other; 1 in each of 17 layers of 1×1.
      MatMul: 4 * 9 + 25 + 3 * 9,
      FusedMatMul: 17,
      // Sums over the batch, gradients of biases, and the loss.
      ReduceSum: 105 + 25 + 1,
      Gather: 1,
      Abs: 1,
      Sign: 1,
      Pad: 8,
    });
    for (const absent of ['ConvTranspose', 'ScatterND', 'Expand', 'Where', 'Cast', 'Pow', 'Div'])
      expect(found[absent], absent).toBeUndefined();
  });

  test('does not grow', () => {
    expect(Object.values(found).reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(926);
  });

  test('returns what was asked for: the loss and 50 gradients', () => {
    expect(model.outputs.length).toBe(51);
    expect(model.outputs.map(({ name }) => name)).toContain('gradient/branch2.body.0.weight');
  });
});

describe('every model', () => {
  /** All forms of all primitives, and a training step. */
  const programs: readonly (readonly [string, Program])[] = [
    ...primitives.map(
      (primitive) =>
        [
          primitive,
          t.trace((declare) => {
            const outputs: Record<string, Tensor> = {};
            for (const [k, one] of cases[primitive].entries()) {
              const inputs = inputsOf(one).map(({ shape, dtype }, i) =>
                declare.input(`${k} ${i}`, shape, dtype),
              );
              const y = one.build(...inputs);
              outputs[`y ${k}`] = y;
              const upstream = declare.input(`upstream ${k}`, y.shape);
              for (const [i, gradient] of t.gradientsOf(y, inputs, upstream).entries())
                if (inputs[i]?.dtype === 'float32') outputs[`gradient ${k} ${i}`] = gradient;
            }
            return outputs;
          }),
        ] as const,
    ),
    ['a training step of SDAP', sdapStep()],
  ];

  describe.each(devices)('for %s', (device) => {
    test.each(programs)(
      'is ONNX of opset 21 with static shapes, explicit padding and no randomness: %s',
      (_, program) => {
        const compiled = compile(program, { device });
        const model = fromBinary(ModelProtoSchema, compiled.bytes);
        expect(model.opsetImport.find(({ domain }) => domain === '')?.version).toBe(21n);
        const { input = [], output = [], node = [] } = model.graph ?? {};
        expect(output.map(({ name }) => name)).toEqual(compiled.outputs.map(({ name }) => name));
        for (const { type } of [...input, ...output]) {
          if (type?.value.case !== 'tensorType') throw new Error('no tensor');
          for (const { value } of type.value.value.shape?.dim ?? []) expect(value.case).toBe('dimValue');
        }
        for (const { opType, attribute } of node) {
          expect(opType).not.toMatch(/Random|Multinomial|Bernoulli|Dropout/);
          const names = attribute.map(({ name }) => name);
          expect(names).not.toContain('auto_pad');
          if (/^(Conv|ConvTranspose|MaxPool)$/.test(opType)) {
            expect(names).toContain('pads');
            expect(attribute.find(({ name }) => name === 'pads')?.ints.length).toBe(4);
            expect(attribute.find(({ name }) => name === 'pads')?.ints.every((pad) => pad >= 0n)).toBe(true);
          }
        }
      },
    );
  });
});

describe('what a device gets wrong is not used there', () => {
  test('WebGPU gets no Sign, no FusedMatMul, no ScatterND and no backward slice of a part of an axis', () => {
    for (const primitive of primitives)
      for (const one of cases[primitive]) {
        const inputs = inputsOf(one);
        const y = one.build(...inputs);
        for (const { opType } of nodesOf(compile({ inputs, outputs: { y } }, { device: 'webgpu' })))
          expect(opType).not.toMatch(/^(Sign|FusedMatMul|ScatterND|ConvTranspose)$/);
      }
  });
});

describe('bindInputs', () => {
  const program = t.trace(({ input }) => ({
    y: t.add(t.multiply(input('x', [2]), input('w', [2])), input('w2', [])),
  }));
  const two: t.TensorValue = { data: Float32Array.of(2, 3), shape: [2], dtype: 'float32' };

  test('puts numbers into the model', () => {
    const bound = bindInputs(program, { w: two, unknown: two });
    const model = compile(bound);
    expect(model.inputs.map(({ name }) => name)).toEqual(['x', 'w2']);
    expect(
      fromBinary(ModelProtoSchema, model.bytes).graph?.initializer.map(({ dims }) => dims),
    ).toContainEqual([2n]);
  });

  test('refuses numbers of another shape or type', () => {
    expect(() => bindInputs(program, { w2: two })).toThrow(/w2 is float32 \[\], got float32 \[2\]/);
    expect(() => bindInputs(program, { w: { ...two, data: Int32Array.of(1, 2), dtype: 'int32' } })).toThrow(
      /w is float32 \[2\], got int32 \[2\]/,
    );
  });
});
