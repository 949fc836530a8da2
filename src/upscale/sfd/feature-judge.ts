import { featureDiscriminator, type FeatureDiscriminatorConfig } from '../../networks/index.js';
import {
  declareParameters,
  initialiseParameters,
  isSpectralVector,
  scopeOf,
  settleSpectralVectors,
} from '../../nn/index.js';
import { input } from '../../tensor/index.js';
import { type Judge, shown } from '../judge.js';

/** The default size of Feat-D here; the paper's is not published. *Inferred*: middle stages, as SeD (CVPR 2024) takes them. */
export const featureDiscriminatorDefault: FeatureDiscriminatorConfig = {
  layers: ['layer2', 'layer3'],
  hidden: 256,
};

/**
 * Feat-D (SFD, CVPR 2025): judges every position of CLIP's middle features.
 *
 * @param widths channels of each of the layers
 * @param seed of its first values
 */
export function featureJudge(
  config: FeatureDiscriminatorConfig,
  widths: readonly number[],
  seed: number,
): Judge {
  const discriminator = featureDiscriminator(config);
  const declared = declareParameters(
    (scope) => {
      const features = config.layers.map(
        (layer, index) => [layer, input(layer, [1, widths[index] ?? 1, 1, 1])] as const,
      );
      return discriminator(scope, Object.fromEntries(features));
    },
    [1],
  );
  const first = Object.entries(settleSpectralVectors(initialiseParameters(declared, seed)));
  return {
    name: 'feature',
    sights: config.layers,
    parameters: Object.fromEntries(first.filter(([key]) => !isSpectralVector(key))),
    buffers: Object.fromEntries(first.filter(([key]) => isSpectralVector(key))),
    judging: (own) => (view) => {
      const features = config.layers.map((layer) => [layer, shown(view, layer, 'feature')] as const);
      return discriminator(scopeOf(own), Object.fromEntries(features));
    },
  };
}
