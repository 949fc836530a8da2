import { RevelaError } from '../../errors.js';
import type { ParameterScope } from '../../nn/index.js';
import { constantValue, convolution, kaimingNormal } from '../../nn/index.js';
import type { Tensor } from '../../tensor/index.js';
import { add, avgPool2d, imageShape, relu, slice } from '../../tensor/index.js';
import { type ChannelStatistics, normaliseChannels } from '../channel-normalisation.js';
import { attentionPool } from './attention-pool.js';
import { CLIP_STRIDE, type ClipConfig } from './configuration.js';

/** What the image encoder needs to know of a CLIP. */
export type ClipImageConfig = Pick<
  ClipConfig,
  'embed_dim' | 'image_resolution' | 'vision_layers' | 'vision_width'
>;

/** Everything CLIP's image encoder makes of pictures of height × width. W is the `vision_width`: 64 of RN50. */
export interface ClipImageFeatures {
  /** After the stem's average pool: `[batch, W, height/4, width/4]`. */
  readonly stem: Tensor;
  /** `[batch, 4·W, height/4, width/4]` */
  readonly layer1: Tensor;
  /** `[batch, 8·W, height/8, width/8]` */
  readonly layer2: Tensor;
  /** `[batch, 16·W, height/16, width/16]` */
  readonly layer3: Tensor;
  /** `[batch, 32·W, height/32, width/32]` */
  readonly layer4: Tensor;
  /** Pooled by attention, without the positional table: `[batch, embed_dim]`, at any size. Not of length 1. */
  readonly embedding: Tensor;
  /** The same with the table, as the original program gives it; only where the table has a place for every position. */
  readonly positionalEmbedding?: Tensor;
}

/** Statistics of CLIP's training pictures. */
const statistics: ChannelStatistics = {
  mean: [0.48145466, 0.4578275, 0.40821073],
  deviation: [0.26862954, 0.26130258, 0.27577711],
};

/**
 * Pictures as CLIP's image encoder takes them: RGB in [0, 1], `[batch, 3, height, width]`, with the mean of CLIP's
 * training pictures taken off and divided by their standard deviation.
 *
 * @example
 * const { layer3 } = clipImage(config)(scope, normaliseForClip(picture));
 */
export function normaliseForClip(picture: Tensor): Tensor {
  return normaliseChannels(picture, statistics);
}

/** A convolution in which the batch normalisation after it is folded: it has a bias, though the original has none. */
function folded(scope: ParameterScope, x: Tensor, out: number, kernel: number, stride = 1): Tensor {
  return convolution(scope, x, out, kernel, {
    stride,
    padding: (kernel - 1) / 2,
    weightInitialiser: kaimingNormal(),
    biasInitialiser: constantValue(0),
  });
}

/** Mean of 2×2 pixels; of an odd height or width the last row or column is left out, as PyTorch's pool does. */
function halved(x: Tensor): Tensor {
  const [, , height, width] = imageShape(x, 'CLIP');
  const even = slice(
    x,
    { axis: 2, start: 0, length: height - (height % 2) },
    { axis: 3, start: 0, length: width - (width % 2) },
  );
  return avgPool2d(even, 2);
}

/** Three 3×3 convolutions, the first of stride 2, then an average pool: a quarter of the size. */
function stem(scope: ParameterScope, x: Tensor, width: number): Tensor {
  const first = relu(folded(scope.at('conv1'), x, width / 2, 3, 2));
  const second = relu(folded(scope.at('conv2'), first, width / 2, 3));
  return halved(relu(folded(scope.at('conv3'), second, width, 3)));
}

/**
 * relu(conv3(pool(relu(conv2(relu(conv1 x))))) + shortcut x). Where the size halves, both ways do it by an average
 * pool: no convolution but the stem's first has a stride.
 */
function bottleneck(
  scope: ParameterScope,
  x: Tensor,
  width: number,
  { halving, projected }: { readonly halving: boolean; readonly projected: boolean },
): Tensor {
  const narrow = relu(folded(scope.at('conv1'), x, width, 1));
  const seen = relu(folded(scope.at('conv2'), narrow, width, 3));
  const deep = folded(scope.at('conv3'), halving ? halved(seen) : seen, 4 * width, 1);
  const passed = halving ? halved(x) : x;
  const shortcut = projected ? folded(scope.at('downsample').at(0), passed, 4 * width, 1) : passed;
  return relu(add(deep, shortcut));
}

/** Bottlenecks in a row; the first changes the number of channels, and from the second stage on the size. */
function stage(
  scope: ParameterScope,
  x: Tensor,
  width: number,
  { count, halving }: { readonly count: number; readonly halving: boolean },
): Tensor {
  let y = bottleneck(scope.at(0), x, width, { halving, projected: true });
  for (let i = 1; i < count; i++) y = bottleneck(scope.at(i), y, width, { halving: false, projected: false });
  return y;
}

/**
 * The image encoder of CLIP (Radford et al., ICML 2021) with a modified ResNet: RN50, RN101, RN50x4, RN50x16 and RN50x64.
 * Pictures `[batch, 3, height, width]` of any size from 32 × 32, normalised by {@link normaliseForClip}; where a side is
 * no multiple of 32, up to 31 rows or columns at its end are seen by the earlier stages only.
 *
 * Batch normalisation is folded into the convolutions: see `foldClip`. One call describes all features; a program computes
 * those that its results need, no more.
 *
 * @example
 * const { layer2, layer3, embedding } = clipImage(config)(scopeOf(parameters), normaliseForClip(picture));
 */
export function clipImage(
  config: ClipImageConfig,
): (parameters: ParameterScope, x: Tensor) => ClipImageFeatures {
  const { vision_layers, vision_width: width } = config;
  return (parameters, x) => {
    const [, channels, rows, columns] = imageShape(x, 'CLIP');
    if (channels !== 3 || rows < CLIP_STRIDE || columns < CLIP_STRIDE)
      throw new RevelaError(
        `CLIP looks at pictures of red, green and blue of at least ${CLIP_STRIDE} × ${CLIP_STRIDE} pixels, got ${channels} channels of ${columns} × ${rows}; enlarge the picture or take a larger patch`,
      );
    const scope = parameters.at('visual');
    const at = (number: number, y: Tensor): Tensor =>
      stage(scope.at(`layer${number}`), y, width * 2 ** (number - 1), {
        count: vision_layers[number - 1] ?? 0,
        halving: number > 1,
      });
    const first = stem(scope, x, width);
    const layer1 = at(1, first);
    const layer2 = at(2, layer1);
    const layer3 = at(3, layer2);
    const layer4 = at(4, layer3);
    return {
      stem: first,
      layer1,
      layer2,
      layer3,
      layer4,
      ...attentionPool(scope.at('attnpool'), layer4, config),
    };
  };
}
