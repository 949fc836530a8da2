import { stat } from 'node:fs/promises';
import { RevelaError } from '../errors.js';
import { clipStageWidth, featureDiscriminator } from '../networks/index.js';
import { declareParameters } from '../nn/index.js';
import type { SfdRule } from '../quality/index.js';
import type { Runtime } from '../runtime/index.js';
import { formatShape, input, type TensorValue } from '../tensor/index.js';
import { describeRun } from '../training/index.js';
import { fileSha256, modelPath } from '../weights/index.js';
import type { Critic } from './critic-programs.js';
import { expectTensors } from './expected-tensors.js';
import type { StoredJudges } from './judges-file.js';
import { type ClipWeights, loadClip } from './load-clip.js';
import { directionsOfContext } from './prompt-directions.js';

/** The CLIP that a run folder says it was trained with. */
async function clipOfRun(path: string): Promise<string | undefined> {
  if ((await stat(path).catch(() => undefined))?.isDirectory() !== true) return undefined;
  const { game } = (await describeRun(path)).config;
  const clip: unknown = typeof game === 'object' && game !== null ? Reflect.get(game, 'clip') : undefined;
  const file: unknown = typeof clip === 'object' && clip !== null ? Reflect.get(clip, 'path') : undefined;
  return typeof file === 'string' ? file : undefined;
}

/**
 * Reads the CLIP that discriminators look through, and no other.
 *
 * @param given the file; left out: the one that the run folder names
 * @param judges what was given for the discriminators, in case it is a run folder
 * @throws RevelaError if it is another CLIP, or none is known
 */
export async function clipOfJudges(
  { path, clip }: Pick<StoredJudges, 'path' | 'clip'>,
  given: string | undefined,
  judges: string,
): Promise<ClipWeights> {
  const known = `the one whose SHA-256 begins with ${clip.slice(0, 12)}`;
  const file = given === undefined ? await clipOfRun(judges) : await modelPath(given);
  if (file === undefined)
    throw new RevelaError(
      `${path} looks through CLIP, whose weights it does not hold: give ${known} with --clip`,
    );
  if ((await fileSha256(file)) !== clip)
    throw new RevelaError(`${file} is not the CLIP that ${path} was trained with; give ${known} with --clip`);
  return loadClip(file);
}

/** Feat-D as it was stored, checked against what its size asks for. */
function checkFeature(
  path: string,
  { config, parameters }: NonNullable<StoredJudges['feature']>,
  clip: ClipWeights,
): void {
  const discriminator = featureDiscriminator(config);
  const declared = declareParameters(
    (scope) => {
      const features = config.layers.map(
        (layer) => [layer, input(layer, [1, clipStageWidth(clip.config, layer), 1, 1])] as const,
      );
      return discriminator(scope, Object.fromEntries(features));
    },
    [1],
  );
  const shapes = [...declared].map(([key, { shape }]) => [key, shape] as const);
  expectTensors(path, 'the discriminator of features', new Map(shapes), parameters);
}

/** One direction in place of several, whose logits are the mean of theirs: s·(f·d) is linear in d. */
function joined({ data, shape, dtype }: TensorValue): TensorValue {
  const [pairs = 1, width = 1] = shape;
  const sums = new Float64Array(width);
  for (const [i, value] of data.entries()) sums[i % width] = (sums[i % width] ?? 0) + Number(value);
  return { data: Float32Array.from(sums, (sum) => sum / pairs), shape: [1, width], dtype };
}

/** The prompts as directions: stored so, or read now. */
async function directionsIn(
  runtime: Runtime,
  path: string,
  { kind, value, joined: asOne }: NonNullable<StoredJudges['prompt']>,
  clip: ClipWeights,
): Promise<TensorValue> {
  if (kind === 'context') {
    const directions = await directionsOfContext(runtime, clip, value);
    return asOne ? joined(directions) : directions;
  }
  if (value.shape.length === 2 && value.shape[1] === clip.config.embed_dim) return value;
  throw new RevelaError(
    `${path}: the directions of prompts must be [pairs, ${clip.config.embed_dim}], got ${formatShape(value.shape)}; take the discriminators and the CLIP of one run`,
  );
}

/** Discriminators and the CLIP that they look through, as what judges pictures. */
export async function sfdCritic(
  runtime: Runtime,
  { path, clipNormalisation, feature, prompt }: StoredJudges,
  clip: ClipWeights,
  rule: SfdRule,
): Promise<Critic> {
  if (feature !== undefined) checkFeature(path, feature, clip);
  return {
    config: {
      ...{ clip: clip.config, normalised: clipNormalisation },
      ...(feature === undefined ? {} : { feature: feature.config }),
      ...(prompt === undefined ? {} : { promptScale: prompt.scale, promptInput: prompt.input }),
    },
    image: clip.image,
    ...(feature === undefined ? {} : { feature: feature.parameters }),
    ...(prompt === undefined ? {} : { directions: await directionsIn(runtime, path, prompt, clip) }),
    rule,
  };
}
