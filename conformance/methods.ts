import {
  mosaicDownsample,
  mosaicUpsample,
  pixelDownsample,
  pixelUpsample,
  plainInference,
  randomSubSamples,
  sdap,
} from '#src/denoise/index.js';
import { adam, applyNetwork } from '#src/nn/index.js';
import type { Runtime } from '#src/runtime/index.js';
import type { Tensor, TensorRecord, TensorValue } from '#src/tensor/index.js';
import { reshape, trace, valueAndGrad } from '#src/tensor/index.js';
import {
  type Check,
  expectTensor,
  type Fixture,
  grouped,
  maskedError,
  relativeError,
  specsOf,
  tensorsUnder,
  tolerances,
} from './fixture.js';
import { configReader, isLearnt, networkOf } from './networks.js';
import { advanced, run } from './run.js';

const learnt = (values: Readonly<Record<string, TensorValue>>): Record<string, TensorValue> =>
  Object.fromEntries(Object.entries(values).filter(([key]) => isLearnt(key)));

function parametersOf(fixture: Fixture): Record<string, TensorValue> {
  return learnt(tensorsUnder(fixture, 'param/'));
}

async function pixelDownsampling(fixture: Fixture, runtime: Runtime): Promise<Check[]> {
  const input = expectTensor(fixture, 'input');
  const program = trace((declare) => {
    const x = declare.input('input', input.shape);
    return {
      to_batch_5: pixelDownsample(x, 5),
      to_batch_2: pixelDownsample(x, 2),
      mosaic_5_pad2: mosaicDownsample(x, 5, 2),
      mosaic_2_pad2: mosaicDownsample(x, 2, 2),
      'back from to_batch_5': pixelUpsample(pixelDownsample(x, 5), 5),
      'back from mosaic_2_pad2': mosaicUpsample(mosaicDownsample(x, 2, 2), 2, 2),
    };
  });
  const results = await run(runtime, program, { input });
  return Object.entries(results).map(([what, actual]) => ({
    what,
    error: relativeError(actual, what.startsWith('back') ? input : expectTensor(fixture, what)),
    tolerance: 0,
  }));
}

async function sdapInference(fixture: Fixture, runtime: Runtime): Promise<Check[]> {
  const network = networkOf(fixture, 'dbsnl');
  const parameters = parametersOf(fixture);
  const input = expectTensor(fixture, 'input');
  const program = trace((declare) => {
    const weights = declare.inputs('param', specsOf(parameters));
    const noisy = declare.input('input', input.shape);
    const denoiser = (x: Tensor): Tensor => applyNetwork(network, weights, x);
    return {
      output: sdap.inference.denoise(denoiser, noisy, { ...plainInference, enhance: false }, {}),
      output_enhanced: sdap.inference.denoise(denoiser, noisy, { ...plainInference, enhance: true }, {}),
    };
  });
  const results = await run(runtime, program, { ...grouped('param', parameters), input });
  return ['output', 'output_enhanced'].map((what) => ({
    what,
    error: relativeError(results[what], expectTensor(fixture, what)),
    tolerance: tolerances.forward,
  }));
}

function change(after: TensorValue | undefined, before: TensorValue): TensorValue | undefined {
  const { data, shape } = before;
  if (after === undefined) return undefined;
  return {
    data: Float32Array.from(data, (x: number | bigint, i: number) => Number(after.data[i]) - Number(x)),
    shape,
    dtype: 'float32',
  };
}

async function sdapTraining(fixture: Fixture, runtime: Runtime): Promise<Check[]> {
  const network = networkOf(fixture, 'dbsnl');
  const stride = configReader(fixture)('stride');
  const start = parametersOf(fixture);
  const batch = expectTensor(fixture, 'batch');
  const permutation = expectTensor(fixture, 'permutation');
  const indices: TensorValue = {
    data: Int32Array.from(permutation.data, Number),
    shape: permutation.shape,
    dtype: 'int32',
  };
  const optimiser = adam();
  const program = trace(({ input, inputs }) => {
    const specs = specsOf(start);
    const weights = inputs('param', specs);
    const patches = input('batch', batch.shape);
    const draws: TensorRecord = { permutation: input('permutation', indices.shape, 'int32') };
    const samples = randomSubSamples(patches, input('fixed', indices.shape, 'int32'));
    const { value, gradients } = valueAndGrad((p) =>
      sdap.training.objective((x) => applyNetwork(network, p, x), patches, draws),
    )(weights);
    const slots = { m: inputs('m', specs), v: inputs('v', specs) };
    const scalars = {
      learningRate: input('learningRate', []),
      step: input('step', []),
      gradientScale: input('gradientScale', []),
    };
    const next: Record<string, Record<string, Tensor>> = { 'next/param': {}, 'next/m': {}, 'next/v': {} };
    for (const [key, gradient] of Object.entries(gradients)) {
      const [parameter, m, v] = [weights[key], slots.m[key], slots.v[key]];
      if (parameter === undefined || m === undefined || v === undefined) throw new Error(`${key} is missing`);
      const updated = optimiser.update(parameter, gradient, { m, v }, scalars);
      Object.assign(next['next/param'] ?? {}, { [key]: updated.parameter });
      Object.assign(next['next/m'] ?? {}, { [key]: updated.slots['m'] });
      Object.assign(next['next/v'] ?? {}, { [key]: updated.slots['v'] });
    }
    const [p2 = 1, n = 1, ...image] = expectTensor(fixture, 'sub_samples').shape;
    const stacked = (x: Tensor): Tensor => reshape(x, [p2, n, ...image]);
    const denoised = stacked(applyNetwork(network, weights, samples));
    return {
      loss: value,
      gradients,
      sub_samples: stacked(samples),
      denoised_sub_samples_step1: denoised,
      ...next,
    };
  });
  const scalar = (value: number): TensorValue => ({
    data: Float32Array.of(value),
    shape: [],
    dtype: 'float32',
  });
  const zeros = Object.fromEntries(
    Object.entries(start).map(([key, p]) => [key, { ...p, data: new Float32Array(p.data.length) }]),
  );
  let state: Record<string, TensorValue> = {
    ...grouped('param', start),
    ...grouped('m', zeros),
    ...grouped('v', zeros),
  };
  const checks: Check[] = [];
  const lr = configReader(fixture)('lr');
  for (let step = 1; step <= 3; step++) {
    const feeds = {
      batch,
      permutation: indices,
      fixed: indices,
      learningRate: scalar(lr),
      step: scalar(step),
      gradientScale: scalar(1),
    };
    const results = await run(runtime, program, { ...state, ...feeds });
    if (step === 1) {
      for (const what of ['sub_samples', 'denoised_sub_samples_step1'])
        checks.push({
          what,
          error: relativeError(results[what], expectTensor(fixture, what)),
          tolerance: tolerances.forward,
        });
      for (const [key, expected] of Object.entries(learnt(tensorsUnder(fixture, 'grad_step1/'))))
        checks.push({
          what: `grad/${key}`,
          error: maskedError(fixture, key, results[`gradients/${key}`], expected),
          tolerance: tolerances.gradient,
        });
    }
    const loss = scalar(Number(expectTensor(fixture, 'losses').data[step - 1]));
    checks.push({
      what: `loss ${step}`,
      error: relativeError(results['loss'], loss),
      tolerance: tolerances.forward,
    });
    state = advanced(results);
  }
  return checks.concat(parameterChanges(fixture, start, state), strideCheck(stride));
}

function strideCheck(stride: number): Check[] {
  return [
    { what: 'stride of the cells', error: Math.abs(stride - sdap.training.patchMultiple), tolerance: 0 },
  ];
}

function parameterChanges(
  fixture: Fixture,
  start: Readonly<Record<string, TensorValue>>,
  state: Readonly<Record<string, TensorValue>>,
): Check[] {
  return Object.entries(start).map(([key, before]) => {
    const after = fixture.tensors[`param_after_3_steps/${key}`];
    const expected = change(after, before);
    if (expected === undefined) throw new Error(`the file has no parameters after three steps for ${key}`);
    return {
      what: `change of ${key}`,
      error: maskedError(fixture, key, change(state[`param/${key}`], before), expected),
      tolerance: tolerances.parameterChange,
    };
  });
}

const methods: Readonly<Record<string, (fixture: Fixture, runtime: Runtime) => Promise<Check[]>>> = {
  pixel_downsampling: pixelDownsampling,
  sdap_inference: sdapInference,
  sdap_training: sdapTraining,
};

/** Compares a method's training or inference with the original program's numbers. */
export async function checkMethod(fixture: Fixture, runtime: Runtime): Promise<Check[]> {
  const name = fixture.metadata['method'] ?? '(none named)';
  const check = methods[name];
  if (check === undefined) throw new Error(`this program does not know the method ${name}`);
  return check(fixture, runtime);
}
