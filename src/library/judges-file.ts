import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RevelaError } from '../errors.js';
import { type ClipStage, clipStages, type FeatureDiscriminatorConfig } from '../networks/index.js';
import { groupOf, type TensorValue } from '../tensor/index.js';
import type { SfdStatistics } from '../quality/index.js';
import { readWeightsFile, writeSafetensors } from '../weights/index.js';
import { float32Parameters, storedParameters } from './float32-parameters.js';

/** The file of a run folder that holds its discriminators. */
export const JUDGES = 'judges.safetensors';

/** What files of discriminators, and of scorers made of them, say that they are. */
export const judgesFormats = { run: 'revela-judges-1', scorer: 'revela-sfd-iqa-1' } as const;

/** What was measured of a scorer's terms, and on what. */
export interface ScorerStatistics {
  readonly terms: SfdStatistics;
  /** The long side to which pictures were brought down; `full`: they were not. */
  readonly longSide: number | 'full';
  readonly pictures: number;
}

/** The discriminators of a training that look through CLIP, as their file holds them. */
export interface StoredJudges {
  readonly path: string;
  /** SHA-256 of the CLIP that they look through. */
  readonly clip: string;
  readonly feature?: {
    readonly config: FeatureDiscriminatorConfig;
    readonly parameters: Readonly<Record<string, TensorValue>>;
  };
  readonly prompt?: {
    readonly scale: number;
    /** `context`: vectors that CLIP has yet to read. `directions`: what its text encoder made of them. */
    readonly kind: 'context' | 'directions';
    readonly value: TensorValue;
  };
  readonly statistics?: ScorerStatistics;
}

type Fields = Readonly<Record<string, unknown>>;

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null ? { ...value } : {};
const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const isStage = (value: unknown): value is ClipStage => clipStages.some((stage) => stage === value);

/** The size of Feat-D that metadata tell: the one place that knows how they are written. */
function featureConfigOf(value: unknown): FeatureDiscriminatorConfig | undefined {
  const { layers, hidden, scales } = fieldsOf(value);
  if (!Array.isArray(layers) || !layers.every(isStage) || layers.length === 0 || !isNumber(hidden))
    return undefined;
  if (scales === undefined) return { layers, hidden };
  if (!Array.isArray(scales) || !scales.every(isNumber) || scales.length !== layers.length) return undefined;
  return { layers, hidden, scales };
}

function statisticsIn(value: unknown): ScorerStatistics | undefined {
  const { terms, longSide, pictures } = fieldsOf(value);
  if (!isNumber(pictures) || !(isNumber(longSide) || longSide === 'full')) return undefined;
  const read = Object.entries(fieldsOf(terms)).map(([name, term]) => {
    const { mean, deviation } = fieldsOf(term);
    return isNumber(mean) && isNumber(deviation) && deviation > 0 ? [name, { mean, deviation }] : undefined;
  });
  if (read.length === 0 || read.includes(undefined)) return undefined;
  return {
    terms: Object.fromEntries(read.flatMap((entry) => (entry === undefined ? [] : [entry]))),
    longSide,
    pictures,
  };
}

function configOf(text: string | undefined): Fields {
  try {
    return fieldsOf(JSON.parse(text ?? '{}'));
  } catch {
    return {};
  }
}

const damaged = (path: string, what: string): RevelaError =>
  new RevelaError(`${path} does not say ${what}; copy it again from the run that made it`);

/** The file itself, where a run folder was named. */
async function fileOf(path: string): Promise<string> {
  const facts = await stat(path).catch(() => undefined);
  if (facts?.isDirectory() !== true) return path;
  const file = join(path, JUDGES);
  if ((await stat(file).catch(() => undefined)) === undefined)
    throw new RevelaError(
      `${path} has no ${JUDGES}: give the folder of a run of revela train upscaler --stage sfd that has ended or was stopped`,
    );
  return file;
}

/**
 * Reads the discriminators of a run of the stage sfd, or a scorer that was made of them.
 *
 * @param path a run folder, its `judges.safetensors`, or a scorer
 * @throws RevelaError, one line, for a file of something else, one without a discriminator that looks through CLIP, or one
 *   that is damaged
 *
 * @example
 * const { clip, feature, prompt } = await readJudges('runs/sfd');
 */
export async function readJudges(path: string): Promise<StoredJudges> {
  const file = await fileOf(path);
  const { tensors, metadata } = await readWeightsFile(file);
  const { run, scorer } = judgesFormats;
  if (metadata['format'] !== run && metadata['format'] !== scorer)
    throw new RevelaError(
      `${file} holds no discriminators; give the folder of a run of revela train upscaler --stage sfd, or a scorer made of one`,
    );
  const config = configOf(metadata['config']);
  const { clip, statistics } = config;
  const values = float32Parameters(tensors, file);
  const [featureValues, promptValues] = [groupOf(values, 'feature'), groupOf(values, 'prompt')];
  const hasFeature = Object.keys(featureValues).length > 0;
  const hasPrompt = Object.keys(promptValues).length > 0;
  if (!hasFeature && !hasPrompt)
    throw new RevelaError(
      `${file} has neither of the discriminators feature and prompt, of which SFD-IQA is made; train with --discriminator feature,prompt`,
    );
  if (typeof clip !== 'string') throw damaged(file, 'which CLIP its discriminators look through');
  const measured = statisticsIn(statistics);
  return {
    path: file,
    clip,
    ...(hasFeature ? { feature: featureOf(file, config, featureValues) } : {}),
    ...(hasPrompt ? { prompt: promptOf(file, config, promptValues) } : {}),
    ...(measured === undefined ? {} : { statistics: measured }),
  };
}

function featureOf(
  file: string,
  { feature }: Fields,
  parameters: Readonly<Record<string, TensorValue>>,
): NonNullable<StoredJudges['feature']> {
  const config = featureConfigOf(feature);
  if (config === undefined) throw damaged(file, 'the size of its discriminator of features');
  return { config, parameters };
}

function promptOf(
  file: string,
  { prompt }: Fields,
  { context, directions }: Readonly<Record<string, TensorValue>>,
): NonNullable<StoredJudges['prompt']> {
  const { scale } = fieldsOf(prompt);
  if (!isNumber(scale)) throw damaged(file, 'the scale of its prompts');
  if (directions !== undefined) return { scale, kind: 'directions', value: directions };
  if (context !== undefined) return { scale, kind: 'context', value: context };
  throw damaged(file, 'what its prompts are');
}

/** What a scorer's file holds: prompts that were read already. */
export interface ScorerContent extends Omit<StoredJudges, 'path' | 'prompt'> {
  readonly prompt?: { readonly scale: number; readonly directions: TensorValue };
}

/** Writes a scorer: Feat-D, one direction for each prompt pair, and what was measured of the terms. */
export async function writeScorer(
  path: string,
  { clip, feature, prompt, statistics }: ScorerContent,
): Promise<void> {
  const named = [
    ...Object.entries(feature?.parameters ?? {}).map(([key, value]) => [`feature/${key}`, value] as const),
    ...(prompt === undefined ? [] : [['prompt/directions', prompt.directions] as const]),
  ];
  await writeSafetensors(path, {
    tensors: storedParameters(Object.fromEntries(named)),
    metadata: {
      format: judgesFormats.scorer,
      config: JSON.stringify({
        clip,
        ...(feature === undefined ? {} : { feature: feature.config }),
        ...(prompt === undefined ? {} : { prompt: { scale: prompt.scale } }),
        ...(statistics === undefined ? {} : { statistics }),
      }),
    },
  });
}
