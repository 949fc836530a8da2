import { amsnet, plainInference } from '#src/denoise/index.js';
import { adamW, applyNetwork } from '#src/nn/index.js';
import type { Runtime } from '#src/runtime/index.js';
import type { TensorValue } from '#src/tensor/index.js';
import { trace } from '#src/tensor/index.js';
import {
  type Check,
  expectTensor,
  type Fixture,
  grouped,
  relativeError,
  specsOf,
  tolerances,
} from './fixture.js';
import { configReader, networkOf } from './networks.js';
import { run } from './run.js';
import { checkThreeSteps, parametersOf } from './three-steps.js';

/** As the description of the training's fixture says. */
const LEARNING_RATE = 1e-3;

/**
 * The masks of the sub-images with the phases outermost, as this program stacks them; AMSNet's has the sub-images of
 * one picture follow each other.
 */
function phasesOutermost(masks: TensorValue, stride: number): TensorValue {
  const images = masks.shape[0] ?? 0;
  const area = masks.data.length / images;
  const batch = images / stride ** 2;
  const data = new Float32Array(masks.data.length);
  for (let image = 0; image < images; image++) {
    const [n, phase] = [Math.floor(image / stride ** 2), image % stride ** 2];
    for (let i = 0; i < area; i++)
      data[(phase * batch + n) * area + i] = Number(masks.data[image * area + i]);
  }
  return { data, shape: masks.shape, dtype: 'float32' };
}

/** Three steps of single-mask training with the fixture's masks. */
export function amsnetTraining(fixture: Fixture, runtime: Runtime): Promise<Check[]> {
  const stride = configReader(fixture)('pd_train');
  if (stride !== amsnet.training.patchMultiple)
    throw new Error(`AMSNet trains with sub-sampling by ${amsnet.training.patchMultiple}, not by ${stride}`);
  return checkThreeSteps(fixture, runtime, {
    network: networkOf(fixture, 'nafnet'),
    optimiser: adamW({ weightDecay: 0 }),
    learningRate: LEARNING_RATE,
    draws: (step) => ({ hidden: phasesOutermost(expectTensor(fixture, `masked_step${step}`), stride) }),
    objective: amsnet.training.objective,
  });
}

/** The number of the mask that hides each pixel of the picture, from the masks of its sub-images. */
function branchesOf(sets: TensorValue, stride: number): TensorValue {
  const [masks = 0, images = 0, , rows = 0, columns = 0] = sets.shape;
  const batch = images / stride ** 2;
  const [height, width] = [rows * stride, columns * stride];
  const data = new Float32Array(batch * height * width);
  const ofMask = images * rows * columns;
  for (let i = 0; i < ofMask; i++) {
    const [image, y, x] = [Math.floor(i / (rows * columns)), Math.floor(i / columns) % rows, i % columns];
    const [phase, n] = [Math.floor(image / batch), image % batch];
    const row = y * stride + Math.floor(phase / stride);
    const column = x * stride + (phase % stride);
    for (let mask = 0; mask < masks; mask++)
      if (Number(sets.data[mask * ofMask + i]) === 1) data[(n * height + row) * width + column] = mask;
  }
  return { data, shape: [batch, 1, height, width], dtype: 'float32' };
}

/** Multi-mask inference with the fixture's masks. */
export async function amsnetInference(fixture: Fixture, runtime: Runtime): Promise<Check[]> {
  const subSampling = configReader(fixture)('pd_val');
  const network = networkOf(fixture, 'nafnet');
  const parameters = parametersOf(fixture);
  const input = expectTensor(fixture, 'input');
  const sets = expectTensor(fixture, 'masked_sets');
  const branches = branchesOf(sets, subSampling);
  const options = { ...plainInference, subSampling, masks: sets.shape[0] ?? 0 };
  const program = trace((declare) => {
    const weights = declare.inputs('param', specsOf(parameters));
    const noisy = declare.input('input', input.shape);
    const draws = declare.inputs('draw', specsOf({ branches }));
    return {
      output: amsnet.inference.denoise((x) => applyNetwork(network, weights, x), noisy, options, draws),
    };
  });
  const results = await run(runtime, program, {
    ...grouped('param', parameters),
    ...grouped('draw', { branches }),
    input,
  });
  return [
    {
      what: 'output',
      error: relativeError(results['output'], expectTensor(fixture, 'output')),
      tolerance: tolerances.forward,
    },
  ];
}
