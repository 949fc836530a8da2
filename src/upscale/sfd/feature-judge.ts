import { featureDiscriminator, type FeatureDiscriminatorConfig } from '../../networks/index.js';
import { declareParameters, scopeOf } from '../../nn/index.js';
import { input } from '../../tensor/index.js';
import { firstValues, type Judge, shown } from '../judge.js';

/** The default size of Feat-D here; the paper's is not published. *Inferred*: middle stages, as SeD (CVPR 2024) takes them. */
export const featureDiscriminatorDefault: FeatureDiscriminatorConfig = {
  layers: ['layer2', 'layer3'],
  hidden: 256,
  depth: 3,
  kernel: 1,
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
  return {
    name: 'feature',
    sights: config.layers,
    ...firstValues(declared, seed),
    judging: (own) => (view) => {
      const features = config.layers.map((layer) => [layer, shown(view, layer, 'feature')] as const);
      return discriminator(scopeOf(own), Object.fromEntries(features));
    },
  };
}
