import { join } from 'node:path';
import { loadLpips, openLpips } from '#src/api/index.js';
import type { Runtime } from '#src/runtime/index.js';
import { readBitmap } from './bitmap.js';
import type { Check } from './fixture.js';

/** The pictures of TID2013 that IQA-PyTorch publishes scores of. */
const pictures = ['I03', 'I04', 'I06', 'I08', 'I19'] as const;

/**
 * LPIPS of each with the networks' real weights, by PyTorch in double precision (`bench/peers/pytorch/lpips_scores.py`). Of
 * AlexNet these are the official numbers, 0.7237, 0.2572, 0.0508, 0.0520 and 0.4253, with more digits; of SqueezeNet none are published.
 */
const published = {
  alex: {
    backbone: 'alexnet-features.safetensors',
    scores: [0.7236980052, 0.2571551318, 0.0507871356, 0.0520542321, 0.4253230671],
  },
  squeeze: {
    backbone: 'squeezenet1_1-full.safetensors',
    scores: [0.7302411547, 0.2383374429, 0.0484503821, 0.0315537243, 0.4313678083],
  },
} as const;

/** Relative: float32 against double precision, through as many as nine layers. */
const TOLERANCE = 2e-6;

/**
 * Compares LPIPS through real networks with what PyTorch says of real pictures.
 *
 * @param shared the folder beside the repository that has `weights` and `data`
 */
export async function checkPublishedDistances(
  shared: string,
  network: keyof typeof published,
  runtime: Runtime,
): Promise<Check[]> {
  const { backbone, scores } = published[network];
  const weights = await loadLpips(network, {
    weights: join(shared, 'weights', `lpips_v0.1_${network}.pth`),
    backbone: join(shared, 'weights', backbone),
  });
  const distance = openLpips(runtime, weights);
  const folder = join(shared, 'data', 'iqa_reference_scores', 'iqa_pytorch');
  const checks: Check[] = [];
  try {
    for (const [index, picture] of pictures.entries()) {
      const [made, reference] = [
        await readBitmap(join(folder, 'dist_dir', `${picture}.bmp`)),
        await readBitmap(join(folder, 'ref_dir', `${picture}.bmp`)),
      ];
      const expected = scores[index] ?? Number.NaN;
      const found = await distance.compare(made, reference);
      checks.push({
        what: picture,
        error: Math.abs(found - expected) / expected,
        tolerance: TOLERANCE,
      });
    }
  } finally {
    await distance.close();
  }
  return checks;
}

/** The networks that {@link checkPublishedDistances} knows scores of. */
export const publishedNetworks = ['alex', 'squeeze'] as const satisfies readonly (keyof typeof published)[];
