import type { BatchSize, Random, TrainingPreset } from '../nn/index.js';
import type { Tensor, TensorSpec, TensorValue } from '../tensor/index.js';
import { equal, l1Loss, total, where } from '../tensor/index.js';
import { fastPreset } from './fast-preset.js';
import type { InferenceMethod } from './method.js';

/** Pixels that the students' programs mirror around a picture. */
const MIRRORED = 16;

/**
 * The loss of a student S that learns from several teachers: `Σ_k mean |S(y) − T_k|`, a sum, not a mean. Where the
 * teachers disagree, the student that loses least is their median.
 *
 * @param denoised S(y), `[batch, channels, height, width]`
 * @param targets T_k, each of the same shape
 */
export function distillationLoss(denoised: Tensor, targets: readonly Tensor[]): Tensor {
  return total(targets.map((target) => l1Loss(denoised, target)));
}

/** The number of the teacher that loses each pixel to the noisy picture: `[batch, 1, patch, patch]`. */
export function assignmentSpec({ batch, patch }: BatchSize): TensorSpec {
  return { shape: [batch, 1, patch, patch] };
}

/** Assigns every pixel to one of the teachers, each as likely as the others. */
export function drawAssignment(random: Random, size: BatchSize, teachers: number): TensorValue {
  const { shape } = assignmentSpec(size);
  const length = size.batch * size.patch ** 2;
  return { data: Float32Array.from({ length }, () => random.integer(teachers)), shape, dtype: 'float32' };
}

/**
 * Recharging: every pixel is assigned to one of the teachers, and in that teacher's target the noisy pixel stands in
 * place of the denoised one. It brings back what all teachers have smoothed away; its noise is a new one in every
 * target, so that the student cannot learn it.
 *
 * @param targets T_k, each `[batch, channels, height, width]`
 * @param noisy y, of the same shape
 * @param assignment numbers of teachers, `[batch, 1, height, width]`
 */
export function recharged(targets: readonly Tensor[], noisy: Tensor, assignment: Tensor): readonly Tensor[] {
  return targets.map((target, teacher) => where(equal(assignment, teacher), noisy, target));
}

/** TM-BSN's: 100,000 steps at one rate, and 100,000 along a cosine. */
const paper: TrainingPreset = {
  optimiser: 'adam',
  betas: [0.9, 0.999],
  weightDecay: 0,
  stages: [
    { share: 0.5, patch: 128, batch: 8, learningRate: 1e-4, curve: 'constant' },
    { share: 0.5, patch: 128, batch: 8, learningRate: 1e-4, curve: 'cosine' },
  ],
  steps: 200_000,
  averageDecay: 0,
  source: "TM-BSN (CVPR 2026), from the program's defaults",
};

/** At twice the rate and without a limit the student of PolyU jumped and was lost after 2,000 steps. */
const fast = fastPreset({ patch: 128, learningRate: 5e-4, clip: 5 });

/** What a method does at test time whose network answers in one pass, without drawing anything: as `inference` of methods. */
export const onePass: InferenceMethod['inference'] = {
  takes: [],
  border: MIRRORED,
  losesDetail: false,
  multiple: () => 1,
  margin: (reach) => reach,
  specs: () => ({}),
  draw: () => ({}),
  denoise: (denoiser, noisy) => denoiser(noisy),
};

/**
 * A student that was distilled from a teacher (AT-BSN, CVPR 2024; APR-RD, AAAI 2025; TM-BSN, CVPR 2026): one pass over
 * the picture as it is, mirrored by 16 pixels, without sub-sampling, masks or refinement. It learns from a teacher's results, so that it is no
 * method to train by; see `distill` in the library.
 */
export const distilled: InferenceMethod = {
  name: 'distilled',
  title:
    'Distilled: one pass of a student of a teacher’s results (AT-BSN, CVPR 2024), or of any other network',
  needsBlindSpot: false,
  defaultNetwork: 'student',
  presets: { paper, fast },
  inference: onePass,
};
