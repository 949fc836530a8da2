import type { AnySettings, RunKindName } from '#src/api/index.js';
import type { RunSettings } from '#src/runs/run-settings.js';
import type { UpscalerSettings } from '#src/runs/upscaler/upscaler-settings.js';

const common = {
  preset: 'fast',
  recipe: {
    optimiser: 'adamw',
    betas: [0.9, 0.99],
    weightDecay: 0.001,
    averageDecay: 0.99,
    clip: 1,
    warmUp: 20,
    stages: [
      { share: 0.5, patch: 160, batch: 1, learningRate: 0.002, curve: 'cosine', floor: 0.01 },
      { share: 0.5, patch: 240, batch: 1, learningRate: 0.001, curve: { every: 8000, factor: 0.1 } },
    ],
  },
  seed: 4,
  budget: { steps: 900, minutes: 3 },
  files: ['/pictures/a.png', '/pictures/b.png'],
  licence: 'unknown',
  validation: { pairs: [], pictures: [], every: 50 },
} as const;

const denoiser: RunSettings = {
  ...common,
  method: 'sdap',
  architecture: 'dbsnl',
  config: { in_ch: 3, out_ch: 3, base_ch: 8, num_module: 1 },
  validation: { pairs: [{ name: 'x', noisy: '/v/noisy/x.png', clean: '/v/clean/x.png' }], pictures: [] },
  included: 1,
  weights: null,
};

const frozen = (path: string) => ({ path, sha256: '0'.repeat(64) });

const upscaler = {
  ...common,
  kind: 'upscaler',
  method: 'sfd',
  stage: 'sfd',
  preset: 'real-world',
  degradation: 'real-world',
  architecture: 'srvggnet',
  config: { num_in_ch: 3, num_out_ch: 3, num_feat: 8, num_conv: 2, upscale: 2 },
  from: '/runs/pixel/weights.safetensors',
  patchesPerSquare: 4,
  validation: { pairs: [], pictures: ['/set5/a.png'] },
  lpips: { network: 'alex', weights: frozen('/m/lpips.pth'), backbone: frozen('/m/alex.pth') },
  honest: {
    vgg: null,
    lpips: { network: 'vgg', weights: frozen('/m/l.pth'), backbone: frozen('/m/v.pth') },
    weights: { pixel: 1, perceptual: 0, lpips: 0.1 },
  },
  game: {
    lpips: null,
    clip: frozen('/m/RN50.pt'),
    vgg: frozen('/m/vgg19.pth'),
    discriminators: ['feature', 'prompt'],
    loss: 'vanilla',
    clipNormalisation: false,
    feature: { layers: ['layer2', 'layer3'], hidden: 64, depth: 3, kernel: 1 },
    featureScaling: true,
    prompt: { pairs: 1, tokens: 8, scale: 100, deviation: 0.02, input: 'native', average: 'losses' },
    promptWords: ['good photo', 'bad photo'],
    promptLossScale: 50,
    rates: { prompt: 1, others: 0.5 },
    betas: [0.9, 0.99],
    weights: { pixel: 1, perceptual: 0.5, lpips: 0, feature: 0.1, prompt: 0.1, image: 0 },
    calibration: { every: 100, balance: { share: 0.07, step: 500 } },
  },
} as const satisfies UpscalerSettings;

/** Settings of every kind of training with everything that they can hold, as `config.json` keeps them. */
export const wholeSettings = {
  denoiser,
  distillation: {
    ...common,
    kind: 'distillation',
    method: 'distilled',
    architecture: 'student',
    config: { in_ch: 3, out_ch: 3, channels: 16 },
    teacher: '/runs/mine/weights.safetensors',
    teacherMethod: 'sdap',
    variants: ['pd2', 'pd2+enhanced'],
    recharge: true,
  },
  upscaler,
  scorer: {
    ...common,
    kind: 'scorer',
    method: 'graded',
    architecture: 'scorer',
    config: { channels: 16 },
    from: null,
  },
} as const satisfies Readonly<Record<RunKindName, AnySettings>>;
