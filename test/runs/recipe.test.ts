import type { TrainingPreset } from '#src/nn/index.js';
import { describe, expect, test } from 'vitest';
import { sdap } from '#src/denoise/index.js';
import { ADAPTING_RATE, optimiserOf, scheduleOf, settleRecipe } from '#src/runs/recipe.js';
import type { RecipeOptions } from '#src/runs/recipe-options.js';
import { refusal } from '../weights/files.js';

const small = { architecture: 'dbsnl', multiple: 1, blindSpot: true };

const settled = (options: RecipeOptions = {}, width = 32, trained = false) =>
  settleRecipe(options, sdap, { ...small, width }, trained);
const rates = (options: RecipeOptions, width?: number, trained?: boolean): number[] =>
  settled(options, width, trained).stages.map(({ learningRate }) => learningRate);

describe('presets of SDAP', () => {
  test('fast is what trains where nothing is said', () => {
    expect(settled()).toEqual({
      optimiser: 'adam',
      betas: [0.9, 0.99],
      weightDecay: 0,
      warmUp: 30,
      averageDecay: 0.995,
      stages: [{ share: 1, patch: 160, batch: 1, learningRate: 2e-3, curve: 'cosine', floor: 0.02 }],
    });
    const [stage] = settled().stages;
    if (stage === undefined) expect.fail('there is no stage');
    const rate = scheduleOf(stage, settled());
    expect(rate(0, 0)).toBeCloseTo(2e-3 / 30, 12);
    expect(rate(29, 0)).toBeCloseTo(2e-3, 12);
    expect(rate(500, 1)).toBeCloseTo(4e-5, 12);
  });

  test('wider networks move in smaller steps, trained ones in small ones', () => {
    expect(rates({}, 16)).toEqual([2e-3]);
    expect(rates({}, 128)).toEqual([1e-3]);
    expect(rates({}, 32, true)).toEqual([ADAPTING_RATE]);
    expect(rates({ learningRate: 7e-4 }, 512, true)).toEqual([7e-4]);
  });

  test('paper has two stages, whose rates hold for every network', () => {
    const { stages, averageDecay, warmUp } = settled({ preset: 'paper' }, 128, true);
    expect(stages.map(({ patch, batch, learningRate }) => [patch, batch, learningRate])).toEqual([
      [160, 16, 1e-4],
      [250, 8, 1e-5],
    ]);
    expect([averageDecay, warmUp]).toEqual([0, 0]);
    expect(stages.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
  });
});

describe('options over a preset', () => {
  test('hold for all stages; of the rate they say the highest', () => {
    const { stages, ...rest } = settled({
      ...{ preset: 'paper', patch: 60, batch: 2, learningRate: 1e-3, schedule: { every: 10, factor: 0.5 } },
      ...{ optimiser: 'adamw', weightDecay: 0.02, clip: 3, averageDecay: 0.9 },
    });
    const common = { patch: 60, batch: 2, curve: { every: 10, factor: 0.5 } };
    expect(stages).toEqual([
      { share: 0.6, ...common, learningRate: 1e-3 },
      { share: 0.4, ...common, learningRate: expect.closeTo(1e-4, 12) },
    ]);
    expect(rest).toEqual({
      ...{ optimiser: 'adamw', betas: [0.9, 0.999], weightDecay: 0.02 },
      ...{ clip: 3, averageDecay: 0.9, warmUp: 0 },
    });
    expect(optimiserOf(rest).name).toBe('adamw');
  });

  test('a norm of 0 takes the clipping of a preset away', () => {
    const clipping: TrainingPreset = { ...sdap.presets.fast, clip: 1 };
    const method = { ...sdap, presets: { ...sdap.presets, fast: clipping } };
    expect(settleRecipe({}, method, { ...small, width: 32 }, false).clip).toBe(1);
    expect(settleRecipe({ clip: 0 }, method, { ...small, width: 32 }, false)).not.toHaveProperty('clip');
  });

  test.each<[RecipeOptions, RegExp]>([
    [{ patch: 41 }, /`patch` must be a multiple of 5 for sdap, got 41/],
    [{ patch: 5 }, /`patch` must be a whole number from 10 to 2000/],
    [{ batch: 0 }, /`batch` must be a whole number from 1/],
    [{ learningRate: 0 }, /`learningRate` must be a number above 0, at most 1, got 0/],
    [{ clip: -1 }, /`clip` must be a number from 0 to 1000000000, got -1/],
    [{ clip: Number.NaN }, /`clip` .* got NaN/],
    [{ averageDecay: 1 }, /`averageDecay` must be a number of at least 0, below 1, got 1/],
    [{ weightDecay: -0.1 }, /`weightDecay` must be a number from 0 to 1/],
    [
      { schedule: { every: 0, factor: 0.5 } },
      /`schedule` must be constant, cosine, or .* got \{ every: 0, factor: 0.5 \}/,
    ],
  ])('%j is refused', async (options, message) => {
    expect(await refusal(() => settled(options))).toMatch(message);
  });
});
