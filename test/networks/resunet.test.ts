import { describe, expect, it } from 'vitest';
import { architectures, networkCost, networkParameters, recogniseNetwork } from '#src/networks/index.js';
import { cpuRuntime } from '../compile/running.js';
import { measuredReach } from './measured-reach.js';

const cpu = cpuRuntime();

describe('the residual U-Net', () => {
  const small = architectures['resunet']?.ofSize({ baseChannels: 4, modules: 1 });

  it('has the size that its documentation says', () => {
    const usual = architectures['resunet']?.ofSize({});
    if (usual === undefined) throw new Error('there is no resunet');
    const { parameters, multiplyAddsPerPixel } = networkCost(usual);
    expect(parameters).toBe(1_790_147);
    expect(Math.round(multiplyAddsPerPixel)).toBe(208_576);
  });

  it('is recognised by its tensors, with its size', () => {
    for (const [baseChannels, modules] of [
      [4, 1],
      [6, 3],
    ] as const) {
      const description = architectures['resunet']?.ofSize({ baseChannels, modules });
      if (description === undefined) throw new Error('there is no resunet');
      const shapes = Object.fromEntries(
        [...networkParameters(description)].map(([key, { shape }]) => [key, shape]),
      );
      expect(recogniseNetwork(shapes)?.description.config).toEqual(description.config);
    }
  });

  it('looks as far as it says', async () => {
    if (small === undefined) throw new Error('there is no resunet');
    expect(await measuredReach(cpu(), small, small.reach)).toBe(small.reach);
  });
});
