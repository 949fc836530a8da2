import type { TrainingPreset } from '../nn/index.js';
import type { UpscalingKind } from './pair-squares.js';

/** The stages in which an upscaler learns. */
export type UpscalingStage = 'pixel' | 'sfd';

/** All of {@link UpscalingStage}, in their order. */
export const upscalingStages: readonly UpscalingStage[] = ['pixel', 'sfd'];

/** So many patches at most are cut from a square: with more there is nothing more to gain. */
export const mostPatchesPerSquare = 16;

/** What each loss counts in what the generator minimises. */
export interface GameWeights {
  /** Mean absolute error. */
  readonly pixel: number;
  /** How much detail there is at each place, wherever its lines lie. */
  readonly detail: number;
  /** Errors that repeat with the grid of the small picture: a mesh. */
  readonly grid: number;
  /** The perceptual loss; it needs VGG19. */
  readonly perceptual: number;
  /** LPIPS; it needs its network. */
  readonly lpips: number;
  /** Deceiving the judge of features. */
  readonly feature: number;
  /** Deceiving the judge of prompts. */
  readonly prompt: number;
  /** Deceiving a judge of pictures, where there is one. */
  readonly image: number;
}

/** A recipe of upscaling: what small pictures are like, and how both stages learn. */
export interface UpscalingPreset {
  readonly title: string;
  readonly degradation: UpscalingKind;
  /** How many patches are cut from each square that is degraded. */
  readonly patchesPerSquare: Readonly<Record<UpscalingStage, number>>;
  readonly stages: Readonly<Record<UpscalingStage, TrainingPreset>>;
  readonly weights: GameWeights;
}

/** Each pair is made by itself. */
const onePair = { pixel: 1, sfd: 1 };

/** This program's own pixel stage, for hours on a computer without a GPU. */
const pixel: TrainingPreset = {
  optimiser: 'adam',
  betas: [0.9, 0.99],
  weightDecay: 0,
  stages: [{ share: 1, patch: 128, batch: 8, learningRate: 1e-3, curve: 'cosine', floor: 0.02 }],
  steps: 50_000,
  clip: 1,
  averageDecay: 0.999,
  warmUp: 100,
  source: 'this program',
};

/**
 * The adversarial stage: Adam at 1e-4 with β 0.9 and 0.99 and an average of 0.999, as LDL (CVPR 2022), SeD (CVPR 2024) and
 * Real-ESRGAN (ICCVW 2021) have it; SFD's own numbers are not published. *Inferred.*
 */
const sfd = (patch: number, batch: number): TrainingPreset => ({
  optimiser: 'adam',
  betas: [0.9, 0.99],
  weightDecay: 0,
  stages: [{ share: 1, patch, batch, learningRate: 1e-4, curve: { every: 100_000, factor: 0.5 } }],
  steps: 300_000,
  averageDecay: 0.999,
  source: 'inferred from LDL, SeD and Real-ESRGAN',
});

/** What each loss counts where a preset says nothing else. */
const usual: GameWeights = {
  ...{ pixel: 1, detail: 0, grid: 0, perceptual: 1, lpips: 0.1 },
  ...{ feature: 0.01, prompt: 0.005, image: 0.01 },
};

/** The presets of upscaling, by name. */
export const upscalingPresets: Readonly<
  Record<'classical' | 'photo' | 'real-world' | 'mixed' | 'ldl', UpscalingPreset>
> = {
  classical: {
    title: 'bicubic alone',
    degradation: 'bicubic',
    patchesPerSquare: onePair,
    stages: { pixel, sfd: sfd(128, 4) },
    weights: usual,
  },
  photo: {
    title: 'a little blur, camera noise and JPEG',
    degradation: 'photo',
    patchesPerSquare: { pixel: 4, sfd: 1 },
    stages: { pixel, sfd: sfd(128, 4) },
    weights: usual,
  },
  'real-world': {
    title: 'blurred, noisy and compressed',
    degradation: 'real-world',
    // The compact network's steps are shorter than the making of their pairs. *This program's choice.*
    patchesPerSquare: { pixel: 4, sfd: 1 },
    stages: { pixel, sfd: sfd(256, 4) },
    weights: { ...usual, feature: 0.1, prompt: 0.05, image: 0.1 },
  },
  mixed: {
    title: 'a third clean, a third like photo, a third like real-world',
    degradation: 'mixed',
    patchesPerSquare: { pixel: 8, sfd: 1 },
    stages: {
      pixel: { ...pixel, stages: pixel.stages.map((stage) => ({ ...stage, learningRate: 5e-4 })) },
      sfd: sfd(128, 4),
    },
    weights: usual,
  },
  // LDL (CVPR 2022) weighs the pixels with 0.01 and its one discriminator with 0.005. How SFD's two share that is *inferred*.
  ldl: {
    title: "classical with LDL's loss weights",
    degradation: 'bicubic',
    patchesPerSquare: onePair,
    stages: { pixel, sfd: sfd(128, 4) },
    weights: { ...usual, pixel: 0.01, feature: 0.005, prompt: 0.0025, image: 0.005 },
  },
};

/** The name of a preset of upscaling. */
export type UpscalingPresetName = keyof typeof upscalingPresets;
