import { CLIP_STRIDE, clipStages, clipStageWidth } from '../clip/configuration.js';
import { type ClipImageConfig, clipImage, normaliseForClip } from '../clip/image-encoder.js';
import { clipStageStride } from '../clip/reach.js';
import type { SemanticBackbone } from './semantic-backbone.js';

/**
 * CLIP's image encoder, a ResNet, as SFD looks through it: the pooled feature is CLIP's embedding, in the space of its texts.
 *
 * @example
 * const { stages, pooled } = clipBackbone(clipRn50Config).look(scope, normaliseForClip(picture));
 */
export function clipBackbone(config: ClipImageConfig): SemanticBackbone {
  const seen = clipImage(config);
  const side = config.image_resolution;
  return {
    name: 'clip',
    title: 'CLIP',
    stages: clipStages.map((name) => ({
      name,
      channels: clipStageWidth(config, name),
      stride: clipStageStride(name),
    })),
    usualStages: ['layer2', 'layer3'],
    pooledWidth: config.embed_dim,
    leastSide: CLIP_STRIDE,
    normalise: normaliseForClip,
    look(parameters, x) {
      const { layer1, layer2, layer3, layer4, embedding } = seen(parameters, x);
      return { stages: { layer1, layer2, layer3, layer4 }, pooled: embedding };
    },
    resized: {
      side,
      look(parameters, x) {
        const { positionalEmbedding } = seen(parameters, x);
        if (positionalEmbedding === undefined)
          throw new RangeError(`CLIP's table of places is for pictures of ${side}²`);
        return positionalEmbedding;
      },
    },
  };
}
