import {
  array,
  check,
  fallback,
  finite,
  gtValue,
  type InferOutput,
  literal,
  minLength,
  number,
  object,
  optional,
  parse,
  picklist,
  pipe,
  record,
  string,
  union,
  unknown,
} from 'valibot';
import { ifRight, readJson } from '../../options/index.js';
import { present } from '../../present.js';
import {
  type FeatureDiscriminatorConfig,
  featureKernels,
  type TorchvisionBackbone,
  torchvisionBackbones,
} from '../../networks/index.js';
import type { SfdIqaConfig, SfdStatistics } from '../../quality/index.js';

/** What was measured of a scorer's terms, and on what. */
export interface CalibratedTerms {
  readonly terms: SfdStatistics;
  /** The long side to which pictures were brought down; `full`: they were not. */
  readonly longSide: number | 'full';
  readonly pictures: number;
}

/** How trained prompts judge. */
export interface StoredPrompts {
  readonly scale: number;
  /** How they see pictures. */
  readonly input: NonNullable<SfdIqaConfig['promptInput']>;
  /** Whether the logits of several pairs were averaged before the loss, so that they judge as one. */
  readonly joined: boolean;
}

/** What discriminators look through: a CLIP, or another backbone by its name. */
export interface JudgesEye {
  readonly name: 'clip' | TorchvisionBackbone['name'];
  /** Of its file. */
  readonly sha256: string;
}

/** What the metadata of discriminators say; left out is what they do not say, or do not say rightly. */
export interface JudgesMetadata {
  readonly eye?: JudgesEye;
  /** Whether pictures are normalised as CLIP learnt them. */
  readonly clipNormalisation: boolean;
  readonly feature?: FeatureDiscriminatorConfig;
  readonly prompt?: StoredPrompts;
  /** `damaged`: there are some, and they cannot be read. */
  readonly statistics?: CalibratedTerms | 'damaged';
}

const real = pipe(number(), finite());

// Runs that were not asked had heads of three 1×1 convolutions.
const heads = pipe(
  object({
    layers: pipe(array(string()), minLength(1)),
    hidden: real,
    depth: optional(real, 3),
    kernel: optional(picklist(featureKernels), 1),
    scales: optional(array(real)),
  }),
  check(({ layers, scales = layers }) => scales.length === layers.length),
);

const prompts = object({
  scale: real,
  input: optional(picklist(['native', 'resized']), 'native'),
  average: ifRight(string()),
});

const calibrated = object({
  terms: optional(record(string(), object({ mean: real, deviation: pipe(real, gtValue(0)) })), {}),
  longSide: union([real, literal('full')]),
  pictures: real,
});

const schema = object({
  clip: ifRight(string()),
  backbone: ifRight(
    object({ name: picklist(torchvisionBackbones.map(({ name }) => name)), sha256: string() }),
  ),
  // Runs that were not asked normalised.
  clipNormalisation: optional(unknown(), true),
  feature: ifRight(heads),
  prompt: ifRight(prompts),
  statistics: optional(fallback(union([calibrated, literal('damaged')]), 'damaged')),
});

const withScales = ({ scales, ...others }: InferOutput<typeof heads>): FeatureDiscriminatorConfig => ({
  ...others,
  ...present({ scales }),
});

/**
 * What the metadata of discriminators, or of a scorer made of them, say. The one place that knows how they are written: an
 * option of the training that changes what is judged is read here.
 *
 * @param text JSON, what their file has as `config`
 */
export function judgesMetadata(text: string | undefined): JudgesMetadata {
  const stored = readJson(schema, text ?? '{}');
  const { clip, backbone, clipNormalisation, feature, prompt, statistics } = stored ?? parse(schema, {});
  return {
    ...present({ eye: clip === undefined ? backbone : ({ name: 'clip', sha256: clip } as const) }),
    clipNormalisation: clipNormalisation !== false,
    ...present({
      feature: feature && withScales(feature),
      prompt: prompt && { scale: prompt.scale, input: prompt.input, joined: prompt.average === 'logits' },
      statistics,
    }),
  };
}
