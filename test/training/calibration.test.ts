import { describe, expect, test } from 'vitest';
import { BALANCED_STEPS, createScales } from '#src/training/index.js';

const opponents = { feature: { weight: 0.25 }, prompt: { weight: 0 } };

describe('the scales of a game', () => {
  test('measure in step 1 and every so many steps, or never', () => {
    const due = (every: number) =>
      Array.from({ length: 7 }, (_, i) => createScales(opponents, { every }).due(i + 1));
    expect(due(3)).toEqual([true, false, false, true, false, false, true]);
    expect(due(0)).toEqual(Array.from({ length: 7 }, () => false));
  });

  test('tell gradients as they count, and leave the weights', () => {
    const scales = createScales(opponents, { every: 1 });
    expect(scales.take(1, { feature: 3, prompt: 2 }, 10)).toEqual({
      featureGradient: 0.75,
      promptGradient: 0,
    });
    expect(scales.weights).toEqual({ feature: 0.25, prompt: 0 });
    expect(scales.state()).toEqual({});
  });

  test('set weights by the mean of the last steps, once', () => {
    const scales = createScales(opponents, { every: 0, balance: { share: 0.1, step: 20 } });
    expect(scales.due(20 - BALANCED_STEPS)).toBe(false);
    for (let step = 1; step <= 20; step++) {
      expect(scales.due(step)).toBe(step > 20 - BALANCED_STEPS);
      expect(scales.weights).toEqual({ feature: 0.25, prompt: 0 });
      scales.take(step, scales.due(step) ? { feature: step % 2 === 0 ? 3 : 1, prompt: 8 } : {}, 4);
    }
    expect(scales.weights['feature']).toBeCloseTo((0.1 * 4) / 2, 6);
    expect(scales.weights['prompt']).toBeCloseTo((0.1 * 4) / 8, 6);
    const { weights } = scales;
    scales.take(21, {}, 4);
    expect(scales.due(21)).toBe(false);
    expect(scales.weights).toEqual(weights);
  });

  test('leave the weight of an opponent that pulls nowhere', () => {
    const scales = createScales(opponents, { every: 0, balance: { share: 0.1, step: 1 } });
    scales.take(1, { feature: 0, prompt: 1 }, 1);
    expect(scales.weights['feature']).toBe(0.25);
    expect(scales.weights['prompt']).toBeCloseTo(0.1, 6);
  });

  test('go on from what they gave', () => {
    const calibration = { every: 0, balance: { share: 0.1, step: 2 } };
    const first = createScales(opponents, calibration);
    first.take(1, { feature: 0.3, prompt: 0.7 }, 0.1);
    const second = createScales(opponents, calibration, first.state());
    for (const scales of [first, second]) scales.take(2, { feature: 0.9, prompt: 0.1 }, 0.3);
    expect(second.state()).toEqual(first.state());
    expect(createScales(opponents, calibration, first.state()).weights).toEqual(first.weights);
  });
});
