import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { OptionError, RevelaError } from '../../errors.js';
import { present } from '../../present.js';
import type { FeatureDiscriminatorConfig } from '../../networks/index.js';
import { groupOf, type TensorValue } from '../../tensor/index.js';
import { modelPath, readWeightsFile, writeSafetensors } from '../../weights/index.js';
import { float32Parameters, storedParameters } from '../../models/index.js';
import {
  type JudgesEye,
  judgesMetadata,
  type CalibratedTerms,
  type StoredPrompts,
} from './judges-metadata.js';

/** The file of a run folder that holds its discriminators. */
export const JUDGES = 'judges.safetensors';

/** What files of discriminators, and what was calibrated of them, say that they are. */
export const judgesFormats = { run: 'revela-judges-1', calibrated: 'revela-sfd-iqa-1' } as const;

/** Feat-D as it was trained. */
export interface StoredFeature {
  readonly config: FeatureDiscriminatorConfig;
  readonly parameters: Readonly<Record<string, TensorValue>>;
}

/** The discriminators of a training that look through CLIP or another backbone, as their file holds them. */
export interface StoredJudges {
  readonly path: string;
  readonly eye: JudgesEye;
  /** Whether pictures are normalised as CLIP learnt them. */
  readonly clipNormalisation: boolean;
  readonly feature?: StoredFeature;
  readonly prompt?: StoredPrompts & {
    /** `context`: vectors that CLIP has yet to read. `vectors`: pairs of them. `directions`: what was made of either. */
    readonly kind: 'context' | 'vectors' | 'directions';
    readonly value: TensorValue;
  };
  readonly statistics?: CalibratedTerms;
}

const damaged = (path: string, what: string): RevelaError =>
  new RevelaError(`${path} does not say ${what}; copy it again from the run that made it`);

/**
 * The discriminators that were given.
 *
 * @throws OptionError for none
 */
export function neededJudges(given: string | undefined): string {
  if (given !== undefined) return given;
  throw new OptionError(
    "SFD-IQA needs discriminators: give `judges`, the folder of a run of `trainUpscaler({ stage: 'sfd' })`, or what `calibrateSfdIqa()` made of one",
  );
}

/** The file itself, where a run folder was named. */
export async function judgesFile(named: string): Promise<string> {
  const path = await modelPath(named);
  const facts = await stat(path).catch(() => undefined);
  if (facts?.isDirectory() !== true) return path;
  const file = join(path, JUDGES);
  if ((await stat(file).catch(() => undefined)) === undefined)
    throw new RevelaError(
      `${path} has no ${JUDGES}: give the folder of a run of \`trainUpscaler({ stage: 'sfd' })\` that has ended or was stopped`,
    );
  return file;
}

/**
 * Reads the discriminators of a run of the stage sfd, or what was calibrated of them.
 *
 * @param path a run folder, its `judges.safetensors`, or what `calibrateSfdIqa` made of one
 * @throws RevelaError, one line, for a file of something else, one without a discriminator that looks through CLIP, or one
 *   that is damaged
 *
 * @example
 * const { clip, feature, prompt } = await readJudges('runs/sfd');
 */
export async function readJudges(path: string): Promise<StoredJudges> {
  const file = await judgesFile(path);
  const { tensors, metadata } = await readWeightsFile(file);
  const { run, calibrated } = judgesFormats;
  if (metadata['format'] !== run && metadata['format'] !== calibrated)
    throw new RevelaError(
      `${file} holds no discriminators; give the folder of a run of \`trainUpscaler({ stage: 'sfd' })\`, or what \`calibrateSfdIqa()\` made of one`,
    );
  const { eye, clipNormalisation, feature, prompt, statistics } = judgesMetadata(metadata['config']);
  const values = float32Parameters(tensors, file);
  const parameters = groupOf(values, 'feature');
  const { context, vectors = context, directions = vectors } = groupOf(values, 'prompt');
  const hasFeature = Object.keys(parameters).length > 0;
  if (!hasFeature && directions === undefined)
    throw new RevelaError(
      `${file} has neither of the discriminators feature and prompt, of which SFD-IQA is made; train with \`discriminators\` feature,prompt`,
    );
  if (eye === undefined) throw damaged(file, 'what its discriminators look through');
  if (hasFeature && feature === undefined) throw damaged(file, 'the size of its discriminator of features');
  if (directions !== undefined && prompt === undefined) throw damaged(file, 'how its prompts judge');
  if (statistics === 'damaged') throw damaged(file, 'what was measured of it');
  const kind: NonNullable<StoredJudges['prompt']>['kind'] =
    directions === context ? 'context' : directions === vectors ? 'vectors' : 'directions';
  return {
    path: file,
    ...{ eye, clipNormalisation },
    ...present({
      feature: hasFeature ? feature && { config: feature, parameters } : undefined,
      prompt: prompt && directions && { ...prompt, kind, value: directions },
      statistics,
    }),
  };
}

/** What a calibrated file holds: prompts that were read already. */
export interface CalibratedJudges extends Omit<StoredJudges, 'path' | 'prompt'> {
  readonly prompt?: Pick<StoredPrompts, 'scale' | 'input'> & { readonly directions: TensorValue };
}

/** Writes a calibrated file: Feat-D, one direction for each prompt pair, and what was measured of the terms. */
export async function writeCalibrated(
  path: string,
  { eye, clipNormalisation, feature, prompt, statistics }: CalibratedJudges,
): Promise<void> {
  const named = [
    ...Object.entries(feature?.parameters ?? {}).map(([key, value]) => [`feature/${key}`, value] as const),
    ...(prompt === undefined ? [] : [['prompt/directions', prompt.directions] as const]),
  ];
  await writeSafetensors(path, {
    tensors: storedParameters(Object.fromEntries(named)),
    metadata: {
      format: judgesFormats.calibrated,
      config: JSON.stringify({
        ...(eye.name === 'clip' ? { clip: eye.sha256 } : { backbone: eye }),
        clipNormalisation,
        ...present({
          feature: feature?.config,
          prompt: prompt && { scale: prompt.scale, input: prompt.input },
        }),
        ...present({ statistics }),
      }),
    },
  });
}
