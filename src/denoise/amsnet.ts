import type { BatchSize, Random, TrainingPreset } from '../nn/index.js';
import type { Tensor, TensorRecord, TensorSpec, TensorValue } from '../tensor/index.js';
import {
  absolute,
  add,
  extent,
  floatsOf,
  imageShape,
  l1Loss,
  maximum,
  multiply,
  reshape,
  slice,
  divide,
  subtract,
  sum,
} from '../tensor/index.js';
import { fastPreset } from './fast-preset.js';
import { branchSpec, drawBranches, hiddenSets, multiMaskDenoise, singleMask } from './masks.js';
import type { Denoiser, DenoisingMethod, InferenceOptions, Placement } from './method.js';
import { drawn } from './method.js';
import { pixelDownsample, pixelUpsample } from './pixel-downsampling.js';
import {
  drawReplaced,
  randomReplacingRefinement,
  REFINEMENT_COPIES,
  refinementSpecs,
} from './random-replacing-refinement.js';

/** Stride of the sub-sampling in training. */
const TRAINING_STRIDE = 5;

/** The share of the pixels that is hidden in training: one of two masks. */
const HIDDEN_SHARE = 0.5;

/** Weight of the smoothness prior, λ in the paper. */
const SMOOTHNESS = 0.01;

/** Numbers the draws of one seed. */
const STREAMS = { branches: 1, refinement: 3 } as const;

/** Hidden pixels of the sub-images: `[25·batch, 1, patch/5, patch/5]`, 1 where a pixel is hidden. */
function hiddenSpec({ batch, patch }: BatchSize): TensorSpec {
  const side = patch / TRAINING_STRIDE;
  return { shape: [TRAINING_STRIDE ** 2 * batch, 1, side, side] };
}

function drawHidden(random: Random, size: BatchSize): TensorValue {
  const { shape } = hiddenSpec(size);
  const length = shape.reduce((product, e) => product * e, 1);
  const data = Float32Array.from({ length }, () => (random.uniform() < HIDDEN_SHARE ? 1 : 0));
  return { data, shape, dtype: 'float32' };
}

/**
 * AMSNet's loss `‖M̃ ⊙ (D(M ⊙ x) − x)‖₁`: the mean absolute difference over the hidden elements.
 *
 * @param denoised D(M ⊙ x), `[batch, channels, height, width]`
 * @param x the noisy input, of the same shape
 * @param hidden M̃, 1 where a pixel is hidden, `[batch, 1, height, width]`
 */
export function hiddenPixelLoss(denoised: Tensor, x: Tensor, hidden: Tensor): Tensor {
  const channels = extent(x.shape, 1);
  const differences = sum(multiply(absolute(subtract(denoised, x)), hidden));
  return divide(differences, maximum(multiply(sum(hidden), channels), 1));
}

/** Total variation, the smoothness prior: mean |x(i+1, j) − x(i, j)| + mean |x(i, j+1) − x(i, j)|. */
export function totalVariation(x: Tensor): Tensor {
  const [, , height, width] = imageShape(x, 'totalVariation');
  const along = (axis: number, length: number): Tensor =>
    l1Loss(
      slice(x, { axis, start: 1, length: length - 1 }),
      slice(x, { axis, start: 0, length: length - 1 }),
    );
  return add(along(2, height), along(3, width));
}

/** Single-mask training: half of the pixels of the sub-images are hidden, and the loss looks at those alone. */
function singleMaskObjective(denoiser: Denoiser, patches: Tensor, hidden: Tensor): Tensor {
  const x = pixelDownsample(patches, TRAINING_STRIDE);
  return hiddenPixelLoss(denoiser(singleMask(x, hidden)), x, hidden);
}

/**
 * AMSNet-P's fine-tuning, `λ·L_p(x̂) + ‖x̂ − x‖₁` with λ = 0.01. The paper's program does not have it, so this is a
 * re-creation: x̂ is stitched from the two complementary branches, so that every pixel of it was predicted while it was
 * hidden, and L_p is the total variation at full resolution.
 */
function smoothObjective(denoiser: Denoiser, patches: Tensor, hidden: Tensor): Tensor {
  const x = pixelDownsample(patches, TRAINING_STRIDE);
  const stitched = multiMaskDenoise(denoiser, x, [hidden, subtract(1, hidden)]);
  const denoised = pixelUpsample(stitched, TRAINING_STRIDE);
  return add(multiply(totalVariation(denoised), SMOOTHNESS), l1Loss(denoised, patches));
}

const copies = (size: Omit<Placement, 'top' | 'left'>): TensorSpec => {
  const { shape } = branchSpec(size);
  return { shape: [REFINEMENT_COPIES, ...shape] };
};

/** The masks of the passes over the refinement's copies, each copy with its own. */
function drawRefinementBranches(seed: number, place: Placement, options: InferenceOptions): TensorValue {
  const { shape } = copies(place);
  const data = new Float32Array(shape.reduce((product, e) => product * e, 1));
  for (let t = 0; t < REFINEMENT_COPIES; t++) {
    const stream = [STREAMS.refinement, t];
    const branches = drawBranches(seed, place, { ...options, stride: 1, stream });
    data.set(floatsOf(branches.data), (t * data.length) / REFINEMENT_COPIES);
  }
  return { data, shape, dtype: 'float32' };
}

function denoise(
  denoiser: Denoiser,
  noisy: Tensor,
  { subSampling, masks, refine }: InferenceOptions,
  draws: TensorRecord,
): Tensor {
  const hidden = hiddenSets(drawn(draws, 'branches', 'amsnet'), masks);
  const stitched = multiMaskDenoise(
    denoiser,
    pixelDownsample(noisy, subSampling),
    hidden.map((set) => pixelDownsample(set, subSampling)),
  );
  const denoised = pixelUpsample(stitched, subSampling);
  if (refine === 'none') return denoised;
  const branches = drawn(draws, 'refinement branches', 'amsnet');
  const masked = (copy: Tensor, t: number): Tensor => {
    const ofCopy = reshape(slice(branches, { axis: 0, start: t, length: 1 }), branches.shape.slice(1));
    return multiMaskDenoise(denoiser, copy, hiddenSets(ofCopy, masks));
  };
  return randomReplacingRefinement(masked, denoised, noisy, drawn(draws, 'replaced', 'amsnet'));
}

const inference: DenoisingMethod['inference'] = {
  takes: ['subSampling', 'refine', 'masks', 'deterministic'],
  border: 0,
  losesDetail: true,
  multiple: ({ subSampling }) => subSampling,
  margin: (reach, { subSampling, refine }) => subSampling * reach + (refine === 'none' ? 0 : reach),
  specs: (size, { refine }) => ({
    branches: branchSpec(size),
    ...(refine === 'none' ? {} : { 'refinement branches': copies(size) }),
    ...refinementSpecs(size, refine),
  }),
  draw: (seed, place, options) => ({
    branches: drawBranches(seed, place, {
      ...options,
      stride: options.subSampling,
      stream: [STREAMS.branches],
    }),
    ...(options.refine === 'none'
      ? {}
      : { 'refinement branches': drawRefinementBranches(seed, place, options) }),
    ...drawReplaced(seed, place, options.refine),
  }),
  denoise,
};

const training = (
  objective: (denoiser: Denoiser, patches: Tensor, hidden: Tensor) => Tensor,
): DenoisingMethod['training'] => ({
  patchMultiple: TRAINING_STRIDE,
  specs: (size) => ({ hidden: hiddenSpec(size) }),
  draw: (random, size) => ({ hidden: drawHidden(random, size) }),
  objective: (denoiser, patches, draws) => objective(denoiser, patches, drawn(draws, 'hidden', 'amsnet')),
});

/** The program's: its cosine is stepped so rarely that the rate is constant; 100 epochs of 25,000 tiles. */
const paper: TrainingPreset = {
  optimiser: 'adamw',
  betas: [0.9, 0.999],
  weightDecay: 0,
  stages: [{ share: 1, patch: 160, batch: 4, learningRate: 1e-4, curve: 'constant' }],
  steps: 625_000,
  averageDecay: 0,
  source: "AMSNet (ECCV 2024), from the program's configurations",
};

/** Higher rates learn a handful of pictures faster, but diverge on a hundred of them, clipped or not. */
const fast = fastPreset({ learningRate: 1e-3, clip: 1 });

/**
 * AMSNet: "Asymmetric Mask Scheme for Self-Supervised Real Image Denoising" (Liao et al., ECCV 2024).
 *
 * Training hides half of the pixels of the sub-images of stride 5, the same in all channels, and compares the hidden
 * pixels alone, so that any network may learn by it. At test time the picture is sub-sampled by 2 and complementary
 * masks hide each pixel once; what the network says of a pixel is taken from the run in which it was hidden.
 */
export const amsnet: DenoisingMethod = {
  name: 'amsnet',
  title: 'AMSNet: one mask in training, complementary masks at test time (ECCV 2024)',
  needsBlindSpot: false,
  defaultNetwork: 'student',
  presets: { paper, fast },
  training: training(singleMaskObjective),
  inference,
};

const fineTuning = (preset: TrainingPreset, learningRate: number, steps: number): TrainingPreset => ({
  ...preset,
  stages: preset.stages.map((stage) => ({ ...stage, learningRate })),
  steps,
  source: `a re-creation: the paper gives λ = 0.01 and no more (otherwise ${preset.source})`,
});

/**
 * AMSNet-P: AMSNet fine-tuned with a smoothness prior. It is meant to start from AMSNet's weights and takes twice the
 * time a step. A re-creation: the published program does not have it.
 */
export const amsnetP: DenoisingMethod = {
  ...amsnet,
  name: 'amsnet-p',
  title: 'AMSNet-P: smoothness fine-tuning of AMSNet weights (re-created from the ECCV 2024 paper)',
  presets: { paper: fineTuning(paper, 1e-4, 20_000), fast: fineTuning(fast, 3e-4, 4_000) },
  training: training(smoothObjective),
};
