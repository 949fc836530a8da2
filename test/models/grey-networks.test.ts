import { describe, expect, test } from 'vitest';
import {
  loadUpscalerWeights,
  openDenoiser,
  saveDenoiserWeights,
  saveUpscalerWeights,
  upscale,
} from '#src/api/index.js';
import { architectures, networkParameters } from '#src/networks/index.js';
import { initialiseParameters } from '#src/nn/index.js';
import { temporaryFolder } from '../weights/files.js';
import { largestDifference, noisyPicture } from './denoisers.js';
import { randomUpscaler } from './upscalers.js';

const path = temporaryFolder();
const machine = { device: 'cpu', threads: 1 } as const;
const grey = noisyPicture(24, 16, { channels: 1 });
const colour = noisyPicture(24, 16);
const channelOf = (data: Float32Array, channel: number): Float32Array =>
  data.subarray((channel * data.length) / 3, ((channel + 1) * data.length) / 3);

describe('a network of grey pictures', () => {
  const upscaler = randomUpscaler('srvggnet', {
    ...{ num_in_ch: 1, num_out_ch: 1, num_feat: 8 },
    ...{ num_conv: 2, upscale: 2 },
  });

  test('enlarges grey pictures, and each colour by itself', async () => {
    await saveUpscalerWeights(path('grey.safetensors'), upscaler);
    const weights = await loadUpscalerWeights(path('grey.safetensors'));
    expect(weights.description.inputChannels).toBe(1);
    const large = await upscale(colour, { ...machine, weights });
    for (const channel of [0, 1, 2]) {
      const picture = { ...grey, data: channelOf(colour.data, channel) };
      const alone = await upscale(picture, { ...machine, weights });
      expect(alone.channels).toBe(1);
      expect(largestDifference(alone.data, channelOf(large.data, channel))).toBeLessThan(1e-6);
    }
  });

  test.each(['dbsnl', 'dncnn', 'student', 'unet', 'deamnet', 'nafnet'])('can be a new %s', (name) => {
    const description = architectures[name]?.ofSize({ channels: 1 });
    expect(description?.inputChannels).toBe(1);
    if (description === undefined) return;
    const recognised = architectures[name]?.recognise(
      Object.fromEntries([...networkParameters(description)].map(([key, { shape }]) => [key, shape])),
    );
    expect(recognised?.config).toEqual(description.config);
  });

  test('learns from grey and coloured pictures, and denoises them', async () => {
    const description = architectures['dbsnl']?.ofSize({ channels: 1, baseChannels: 4, modules: 1 });
    if (description === undefined) throw new Error('there is no dbsnl');
    const parameters = initialiseParameters(networkParameters(description), 0);
    await saveDenoiserWeights(path('denoiser.safetensors'), {
      ...{ method: 'sdap', description, parameters, record: {}, licence: 'CC0-1.0' },
    });
    const options = { ...machine, weights: path('denoiser.safetensors'), steps: 2, patch: 20 };
    const pictures = [noisyPicture(40, 30, { channels: 1 }), noisyPicture(30, 40)] as const;
    const denoising = await openDenoiser({ learnFrom: pictures, ...options });
    try {
      for (const picture of pictures) {
        const { channels, data } = await denoising.denoise(picture);
        expect(channels).toBe(picture.channels);
        expect(data.every((value) => value >= 0 && value <= 1)).toBe(true);
      }
    } finally {
      await denoising.close();
    }
  });
});
