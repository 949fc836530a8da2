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
import type { Tensor, TensorValue } from '#src/tensor/index.js';
import { reshape, trace } from '#src/tensor/index.js';
import { amsnetInference, amsnetTraining } from './amsnet.js';
import { apBsnMethod, refinement } from './ap-bsn.js';
import {
  type Check,
  expectTensor,
  type Fixture,
  grouped,
  relativeError,
  specsOf,
  tolerances,
} from './fixture.js';
import { matlabBicubic } from './matlab-bicubic.js';
import { configReader, networkOf } from './networks.js';
import { checkDists, checkLpips } from './perceptual-distances.js';
import { run } from './run.js';
import { sfdDiscriminators } from './sfd.js';
import { checkThreeSteps, parametersOf } from './three-steps.js';

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

/** Three steps of SDAP's training with the fixture's permutations, and what the first of them sees. */
async function sdapTraining(fixture: Fixture, runtime: Runtime): Promise<Check[]> {
  const network = networkOf(fixture, 'dbsnl');
  const parameters = parametersOf(fixture);
  const batch = expectTensor(fixture, 'batch');
  const drawn = expectTensor(fixture, 'permutation');
  const permutation: TensorValue = {
    data: Int32Array.from(drawn.data, Number),
    shape: drawn.shape,
    dtype: 'int32',
  };
  const program = trace((declare) => {
    const weights = declare.inputs('param', specsOf(parameters));
    const patches = declare.input('batch', batch.shape);
    const samples = randomSubSamples(patches, declare.input('permutation', permutation.shape, 'int32'));
    const [p2 = 1, n = 1, ...image] = expectTensor(fixture, 'sub_samples').shape;
    const stacked = (x: Tensor): Tensor => reshape(x, [p2, n, ...image]);
    return {
      sub_samples: stacked(samples),
      denoised_sub_samples_step1: stacked(applyNetwork(network, weights, samples)),
    };
  });
  const seen = await run(runtime, program, { ...grouped('param', parameters), batch, permutation });
  const samples = ['sub_samples', 'denoised_sub_samples_step1'].map((what) => ({
    what,
    error: relativeError(seen[what], expectTensor(fixture, what)),
    tolerance: tolerances.forward,
  }));
  const read = configReader(fixture);
  const steps = await checkThreeSteps(fixture, runtime, {
    network,
    optimiser: adam(),
    learningRate: read('lr'),
    draws: () => ({ permutation }),
    objective: sdap.training.objective,
  });
  const stride = Math.abs(read('stride') - sdap.training.patchMultiple);
  return [...samples, ...steps, { what: 'stride of the cells', error: stride, tolerance: 0 }];
}

const methods: Readonly<Record<string, (fixture: Fixture, runtime: Runtime) => Promise<Check[]>>> = {
  amsnet_inference: amsnetInference,
  amsnet_training: amsnetTraining,
  ap_bsn: apBsnMethod,
  dists: checkDists,
  lpips: checkLpips,
  matlab_bicubic: matlabBicubic,
  pixel_downsampling: pixelDownsampling,
  random_replacing_refinement: refinement,
  sdap_inference: sdapInference,
  sdap_training: sdapTraining,
  sfd_discriminators: sfdDiscriminators,
};

/** Compares a method's training or inference with the original program's numbers. */
export async function checkMethod(fixture: Fixture, runtime: Runtime): Promise<Check[]> {
  const name = fixture.metadata['method'] ?? '(none named)';
  const check = methods[name];
  if (check === undefined) throw new Error(`this program does not know the method ${name}`);
  return check(fixture, runtime);
}
