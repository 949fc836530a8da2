import type { Denoiser } from '#src/denoise/index.js';
import { apBsn, mosaicDenoise, plainInference, randomReplacingRefinement } from '#src/denoise/index.js';
import { applyNetwork } from '#src/nn/index.js';
import type { Runtime } from '#src/runtime/index.js';
import type { Tensor, TensorRecord, TensorValue } from '#src/tensor/index.js';
import { concat, multiply, padZero, slice, trace, valueAndGrad } from '#src/tensor/index.js';
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
import { configReader, networkOf } from './networks.js';
import { run } from './run.js';
import { learnt, parametersOf } from './three-steps.js';

const WHITE = 255;

/** The fixture gave the network values from 0 to 1; the method, as its program by default, gives it 0 to 255. */
function ofUnitRange(denoiser: Denoiser): Denoiser {
  return (x) => multiply(denoiser(multiply(x, 1 / WHITE)), WHITE);
}

/** What is replaced in each copy, as the method draws it: `[T, 1, channels, height, width]`. */
function replacedOf(fixture: Fixture, channels: number): TensorValue {
  const { data, shape } = expectTensor(fixture, 'replaced');
  const [copies = 0] = shape;
  const [height = 0, width = 0] = shape.slice(-2);
  return {
    data: Float32Array.from(data, Number),
    shape: [copies, 1, channels, height, width],
    dtype: 'float32',
  };
}

const compared = (
  fixture: Fixture,
  results: Readonly<Record<string, TensorValue>>,
  names: readonly string[],
): Check[] =>
  names.map((what) => ({
    what,
    error: relativeError(results[what], expectTensor(fixture, what)),
    tolerance: tolerances.forward,
  }));

/** Training forward and its gradients, inference, and the refinement per element with the fixture's draws. */
export async function apBsnMethod(fixture: Fixture, runtime: Runtime): Promise<Check[]> {
  const network = networkOf(fixture, 'dbsnl');
  const parameters = parametersOf(fixture);
  const input = expectTensor(fixture, 'input');
  const batch = expectTensor(fixture, 'train_batch');
  const replaced = replacedOf(fixture, 3);
  const [, , height = 0, width = 0] = input.shape;
  const program = trace((declare) => {
    const weights = declare.inputs('param', specsOf(parameters));
    const draws = declare.inputs('draw', specsOf({ replaced }));
    const patches = declare.input('train_batch', batch.shape);
    // The original program pads an odd picture with zeros, below and at the right, and does not cut a refined one back.
    const odd = { bottom: height % 2, right: width % 2 };
    const noisy = padZero(declare.input('input', input.shape), odd);
    const denoiserOf =
      (p: TensorRecord): Denoiser =>
      (x: Tensor) =>
        applyNetwork(network, p, x);
    const scaled = ofUnitRange(denoiserOf(weights));
    const plain = apBsn.inference.denoise(scaled, noisy, plainInference, {});
    const refined = { ...plainInference, refine: 'per-element' } as const;
    const { value, gradients } = valueAndGrad((p) =>
      multiply(apBsn.training.objective(ofUnitRange(denoiserOf(p)), patches, {}), 1 / WHITE),
    )(weights);
    const rows = slice(plain, { axis: 2, start: 0, length: height });
    return {
      output_without_refinement: slice(rows, { axis: 3, start: 0, length: width }),
      output: apBsn.inference.denoise(scaled, noisy, refined, draws),
      train_output: mosaicDenoise(denoiserOf(weights), patches, apBsn.training.patchMultiple),
      train_loss_l1: value,
      grad: gradients,
    };
  });
  const results = await run(runtime, program, {
    ...grouped('param', parameters),
    ...grouped('draw', { replaced }),
    input,
    train_batch: batch,
  });
  const names = ['output_without_refinement', 'output', 'train_output', 'train_loss_l1'];
  const gradients = Object.entries(learnt(tensorsUnder(fixture, 'grad/'))).map(([key, expected]) => ({
    what: `grad/${key}`,
    error: maskedError(fixture, key, results[`grad/${key}`], expected),
    tolerance: tolerances.gradient,
  }));
  return [...compared(fixture, results, names), ...gradients];
}

/** The refinement per pixel, also of two pictures at once. */
export async function refinement(fixture: Fixture, runtime: Runtime): Promise<Check[]> {
  const network = networkOf(fixture, 'dbsnl');
  const parameters = parametersOf(fixture);
  const [noisy, denoised] = [expectTensor(fixture, 'noisy'), expectTensor(fixture, 'denoised')];
  const replaced = replacedOf(fixture, 1);
  const copies = configReader(fixture)('T');
  const program = trace((declare) => {
    const weights = declare.inputs('param', specsOf(parameters));
    const [y, x] = [declare.input('noisy', noisy.shape), declare.input('denoised', denoised.shape)];
    const chosen = declare.input('replaced', replaced.shape);
    const pass = (copy: Tensor): Tensor => applyNetwork(network, weights, copy);
    const twice = (t: Tensor, axis: number): Tensor => concat([t, t], axis);
    const both = randomReplacingRefinement(pass, twice(x, 0), twice(y, 0), twice(chosen, 1));
    return {
      output: randomReplacingRefinement(pass, x, y, chosen),
      second: slice(both, { axis: 0, start: 1, length: 1 }),
    };
  });
  const results = await run(runtime, program, {
    ...grouped('param', parameters),
    noisy,
    denoised,
    replaced,
  });
  return [
    { what: 'copies', error: Math.abs(copies - (replaced.shape[0] ?? 0)), tolerance: 0 },
    ...compared(fixture, results, ['output']),
    {
      what: 'output of the second picture of a batch',
      error: relativeError(results['second'], expectTensor(fixture, 'output')),
      tolerance: tolerances.forward,
    },
  ];
}
