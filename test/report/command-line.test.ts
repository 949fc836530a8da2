import { expect, it } from 'vitest';
import { trainCommandLine } from '#src/report/command-line.js';

it('spells out what all stages have in common, and leaves the rest to the preset', async () => {
  const config = {
    ...{ method: 'amsnet', preset: 'paper', architecture: 'nafnet', config: {}, seed: 4, weights: null },
    recipe: {
      optimiser: 'adamw',
      weightDecay: 0.001,
      stages: [
        { patch: 160, batch: 1, learningRate: 0.0003, curve: { every: 8000, factor: 0.1 } },
        { patch: 240, batch: 1, learningRate: 0.0001, curve: { every: 8000, factor: 0.1 } },
      ],
    },
    budget: { steps: 900 },
    files: ['/gone/a b.png'],
    validation: { pairs: [{ name: 'x', noisy: '/v/noisy/x.png', clean: '/v/clean/x.png' }], every: 50 },
    licence: 'unknown',
  };
  expect(await trainCommandLine(config, 'again')).toBe(
    "revela train denoiser '/gone/a b.png' --output again --method amsnet --preset paper --network nafnet --batch 1 --schedule 8000:0.1 --optimiser adamw --weight-decay 0.001 --seed 4 --steps 900 --validate-every 50 --learning-rate 0.0003 --validation-noisy /v/noisy --validation-clean /v/clean",
  );
});

it('leaves the network to the weights, and knows little of a configuration that it does not know', async () => {
  const config = {
    method: 'sdap',
    architecture: 'dbsnl',
    weights: '/w.safetensors',
    budget: 3,
    files: 'none',
  };
  expect(await trainCommandLine(config, 'b')).toBe(
    'revela train denoiser --output b --method sdap --weights /w.safetensors',
  );
});
