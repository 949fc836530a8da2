import type { StateDictShapes } from '../architecture.js';
import { countBelow } from '../state-dict.js';

/** The size of a CLIP with a ResNet as image encoder, under the names of the original program. */
export interface ClipConfig {
  /** Length of the vectors in which pictures and texts are compared. */
  readonly embed_dim: number;
  /** Side of the pictures that the attention pool's positional table is for: 32 times its own side. */
  readonly image_resolution: number;
  /** Blocks of the four stages of the image encoder. */
  readonly vision_layers: readonly number[];
  /** Channels after the stem; the last stage has 32 times as many. */
  readonly vision_width: number;
  /** Tokens of the longest text. */
  readonly context_length: number;
  readonly vocab_size: number;
  readonly transformer_width: number;
  readonly transformer_heads: number;
  readonly transformer_layers: number;
}

/** OpenAI's RN50: 38,316,896 parameters see, 63,690,240 read. */
export const clipRn50Config: ClipConfig = {
  embed_dim: 1024,
  image_resolution: 224,
  vision_layers: [3, 4, 6, 3],
  vision_width: 64,
  context_length: 77,
  vocab_size: 49408,
  transformer_width: 512,
  transformer_heads: 8,
  transformer_layers: 12,
};

/** OpenAI's ResNets, by the blocks of their stages and the channels after their stem. */
const names: Readonly<Record<string, string>> = {
  '3,4,6,3 of 64': 'RN50',
  '3,4,23,3 of 64': 'RN101',
  '4,6,10,6 of 80': 'RN50x4',
  '6,8,18,8 of 96': 'RN50x16',
  '3,15,36,10 of 128': 'RN50x64',
};

/** What OpenAI calls a CLIP of this size: `RN50`; for sizes that it did not publish, the numbers that make it. */
export function clipName({ vision_layers, vision_width }: ClipConfig): string {
  const numbers = `${vision_layers.join()} of ${vision_width}`;
  return names[numbers] ?? `ResNet ${numbers}`;
}

/** By how much a picture is smaller at the last stage; sides that are multiples of it lose no border. */
export const CLIP_STRIDE = 32;

/** The stages of the image encoder, finest first. */
export const clipStages = ['layer1', 'layer2', 'layer3', 'layer4'] as const;

/** One of {@link clipStages}. */
export type ClipStage = (typeof clipStages)[number];

/**
 * The stage of that name.
 *
 * @throws RangeError if CLIP has none
 */
export function clipStageNamed(name: string): ClipStage {
  const stage = clipStages.find((known) => known === name);
  if (stage === undefined) throw new RangeError(`CLIP has no stage ${name}, but ${clipStages.join(', ')}`);
  return stage;
}

/** Channels of a stage: four times the width after the stem, and twice as many from each stage to the next. */
export const clipStageWidth = (
  { vision_width }: Pick<ClipConfig, 'vision_width'>,
  stage: ClipStage,
): number => 4 * vision_width * 2 ** clipStages.indexOf(stage);

/** Channels of the last stage. */
export const clipFeatureWidth = (config: Pick<ClipConfig, 'vision_width'>): number =>
  clipStageWidth(config, 'layer4');

/** Heads of the attention pool: one for 64 channels. */
export const clipPoolHeads = (config: Pick<ClipConfig, 'vision_width'>): number =>
  Math.max(1, Math.floor(clipFeatureWidth(config) / 64));

/** Numbers of the tokens before and after every text: the last two of the vocabulary, 49406 and 49407. */
export const clipMarks = ({
  vocab_size,
}: Pick<ClipConfig, 'vocab_size'>): { readonly start: number; readonly end: number } => ({
  start: vocab_size - 2,
  end: vocab_size - 1,
});

/**
 * The size of the CLIP whose state dict has these shapes, under OpenAI's names; undefined where they are those of
 * something else, a CLIP with a vision transformer among it. Shapes do not tell the text transformer's heads: they are one
 * for 64 channels, as in everything OpenAI published, and at least one.
 *
 * @example
 * clipConfigOf({ 'visual.layer1.0.conv1.weight': [64, 64, 1, 1] }); // and RN50's other shapes
 */
export function clipConfigOf(shapes: StateDictShapes): ClipConfig | undefined {
  const vision_layers = [1, 2, 3, 4].map((stage) => countBelow(shapes, `visual.layer${stage}`));
  const transformer_layers = countBelow(shapes, 'transformer.resblocks');
  const [vision_width] = shapes['visual.conv3.weight'] ?? [];
  const [places] = shapes['visual.attnpool.positional_embedding'] ?? [];
  const [context_length, transformer_width] = shapes['positional_embedding'] ?? [];
  const [, embed_dim] = shapes['text_projection'] ?? [];
  const [vocab_size] = shapes['token_embedding.weight'] ?? [];
  if (
    vision_layers.includes(0) ||
    transformer_layers === 0 ||
    vision_width === undefined ||
    vision_width % 2 !== 0 ||
    places === undefined ||
    context_length === undefined ||
    transformer_width === undefined ||
    embed_dim === undefined ||
    vocab_size === undefined
  )
    return undefined;
  const side = Math.sqrt(places - 1);
  if (!Number.isInteger(side) || side < 1) return undefined;
  const transformer_heads = Math.max(1, Math.floor(transformer_width / 64));
  return {
    embed_dim,
    image_resolution: side * CLIP_STRIDE,
    vision_layers,
    vision_width,
    context_length,
    vocab_size,
    transformer_width,
    transformer_heads,
    transformer_layers,
  };
}
