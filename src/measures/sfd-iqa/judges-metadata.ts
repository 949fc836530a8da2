import { present } from '../../present.js';
import {
  type FeatureDiscriminatorConfig,
  featureKernels,
  type TorchvisionBackbone,
  torchvisionBackbones,
} from '../../networks/index.js';
import type { SfdIqaConfig, SfdStatistics, TermStatistics } from '../../quality/index.js';

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

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? { ...value } : {};
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isText = (value: unknown): value is string => typeof value === 'string';

function eyeIn(clip: unknown, backbone: unknown): JudgesEye | undefined {
  if (isText(clip)) return { name: 'clip', sha256: clip };
  const { name, sha256 } = fieldsOf(backbone);
  const known = torchvisionBackbones.find((one) => one.name === name);
  return known !== undefined && isText(sha256) ? { name: known.name, sha256 } : undefined;
}

function featureIn(value: unknown): FeatureDiscriminatorConfig | undefined {
  // Runs that were not asked had heads of three 1×1 convolutions.
  const { layers, hidden, depth = 3, kernel: side = 1, scales } = fieldsOf(value);
  const kernel = featureKernels.find((known) => known === side);
  if (!Array.isArray(layers) || !layers.every(isText) || layers.length === 0) return undefined;
  if (!isNumber(hidden) || !isNumber(depth) || kernel === undefined) return undefined;
  const heads = { layers, hidden, depth, kernel };
  if (scales === undefined) return heads;
  if (!Array.isArray(scales) || !scales.every(isNumber) || scales.length !== layers.length) return undefined;
  return { ...heads, scales };
}

function promptIn(value: unknown): StoredPrompts | undefined {
  const { scale, input = 'native', average } = fieldsOf(value);
  if (!isNumber(scale) || (input !== 'native' && input !== 'resized')) return undefined;
  return { scale, input, joined: average === 'logits' };
}

function statisticsIn(value: unknown): CalibratedTerms | 'damaged' {
  const { terms, longSide, pictures } = fieldsOf(value);
  if (!isNumber(pictures) || !(isNumber(longSide) || longSide === 'full')) return 'damaged';
  const read: [string, TermStatistics][] = [];
  for (const [name, term] of Object.entries(fieldsOf(terms))) {
    const { mean, deviation } = fieldsOf(term);
    if (!isNumber(mean) || !isNumber(deviation) || deviation <= 0) return 'damaged';
    read.push([name, { mean, deviation }]);
  }
  return { terms: Object.fromEntries(read), longSide, pictures };
}

function parsed(text: string | undefined): Fields {
  try {
    return fieldsOf(JSON.parse(text ?? '{}'));
  } catch {
    return {};
  }
}

/**
 * What the metadata of discriminators, or of a scorer made of them, say. The one place that knows how they are written: an
 * option of the training that changes what is judged is read here.
 *
 * @param text JSON, what their file has as `config`
 */
export function judgesMetadata(text: string | undefined): JudgesMetadata {
  const { clip, backbone, clipNormalisation, feature, prompt, statistics } = parsed(text);
  const eye = eyeIn(clip, backbone);
  const [heads, prompts] = [featureIn(feature), promptIn(prompt)];
  return {
    ...present({ eye }),
    // Runs that were not asked normalised.
    clipNormalisation: clipNormalisation !== false,
    ...present({ feature: heads, prompt: prompts }),
    ...(statistics === undefined ? {} : { statistics: statisticsIn(statistics) }),
  };
}
