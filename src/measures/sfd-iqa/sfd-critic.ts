import { stat } from 'node:fs/promises';
import { object, safeParse, string } from 'valibot';
import { RevelaError } from '../../errors.js';
import {
  backboneNamed,
  type ClipWeights,
  expectTensors,
  type LoadedBackbone,
  loadBackbone,
  loadClip,
  readRunConfig,
} from '../../models/index.js';
import { clipBackbone, featureDiscriminator, type SemanticBackbone, stageOf } from '../../networks/index.js';
import { declareParameters } from '../../nn/index.js';
import { present } from '../../present.js';
import { ifRight } from '../../options/index.js';
import type { SfdRule } from '../../quality/index.js';
import type { Runtime } from '../../runtime/index.js';
import { floatsOf, formatShape, input, type TensorValue } from '../../tensor/index.js';
import { fileSha256, modelPath } from '../../weights/index.js';
import { directionsOfContext } from '../clip-iqa/prompt-directions.js';
import type { Critic } from '../critic/critic-programs.js';
import type { SemanticCritic } from '../critic/semantic-critic.js';
import type { StoredJudges } from './judges-file.js';

const eyeFile = ifRight(object({ path: string() }));
const playedRun = object({ game: object({ clip: eyeFile, backbone: eyeFile }) });

/** The file that a run folder says its discriminators look through. */
async function fileOfRun(path: string, name: 'clip' | 'backbone'): Promise<string | undefined> {
  if ((await stat(path).catch(() => undefined))?.isDirectory() !== true) return undefined;
  const { success, output } = safeParse(playedRun, await readRunConfig(path));
  return success ? output.game[name]?.path : undefined;
}

/** What discriminators look through. */
export type Eye = { readonly clip: ClipWeights } | LoadedBackbone;

/**
 * Reads the CLIP or the backbone that discriminators look through, and no other.
 *
 * @param given the file of either; left out: the one that the run folder names
 * @param judges what was given for the discriminators, in case it is a run folder
 * @throws RevelaError if it is another one, or none is known
 */
export async function eyeOfJudges(
  { path, eye }: Pick<StoredJudges, 'path' | 'eye'>,
  given: { readonly clip?: string | undefined; readonly backbone?: string | undefined },
  judges: string,
): Promise<Eye> {
  const option = eye.name === 'clip' ? 'clip' : 'backbone';
  const other = option === 'clip' ? 'backbone' : 'clip';
  const title = eye.name === 'clip' ? 'CLIP' : backboneNamed(eye.name).title;
  if (given[other] !== undefined)
    throw new RevelaError(`${path} looks through ${title}: give \`${option}\` instead of \`${other}\``);
  const known = `the one whose SHA-256 begins with ${eye.sha256.slice(0, 12)}`;
  const named = given[option];
  const file = named === undefined ? await fileOfRun(judges, option) : await modelPath(named);
  if (file === undefined)
    throw new RevelaError(
      `${path} looks through ${title}, whose weights it does not hold: give ${known} with \`${option}\``,
    );
  if ((await fileSha256(file)) !== eye.sha256)
    throw new RevelaError(
      `${file} is not the ${title} that ${path} was trained with; give ${known} with \`${option}\``,
    );
  if (eye.name === 'clip') return { clip: await loadClip(file) };
  return loadBackbone({ path: file, name: eye.name });
}

/** Feat-D as it was stored, checked against what its size asks for. */
function checkFeature(
  path: string,
  { config, parameters }: NonNullable<StoredJudges['feature']>,
  backbone: SemanticBackbone,
): void {
  const unknown = config.layers.find((layer) => backbone.stages.every(({ name }) => name !== layer));
  if (unknown !== undefined)
    throw new RevelaError(
      `${path} judges the stage ${unknown}, which ${backbone.title} does not have; take the discriminators and the network of one run`,
    );
  const discriminator = featureDiscriminator(config);
  const declared = declareParameters(
    (scope) => {
      const features = config.layers.map(
        (layer) => [layer, input(layer, [1, stageOf(backbone, layer).channels, 1, 1])] as const,
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

/** Pairs of vectors as directions: v₊ / ‖v₊‖ − v₋ / ‖v₋‖ of each. */
function directionsOfVectors(path: string, vectors: TensorValue, width: number): TensorValue {
  const [count = 0, own = 0] = vectors.shape;
  if (vectors.shape.length !== 2 || own !== width || count % 2 !== 0)
    throw new RevelaError(
      `${path}: pairs of vectors must be [2·pairs, ${width}], got ${formatShape(vectors.shape)}; take the discriminators and the network of one run`,
    );
  const side = (row: number): Float64Array => {
    const values = new Float64Array(floatsOf(vectors.data).subarray(row * width, (row + 1) * width));
    const length = Math.max(Math.hypot(...values), 1e-12);
    return values.map((value) => value / length);
  };
  const data = new Float32Array((count / 2) * width);
  for (let pair = 0; pair < count / 2; pair++) {
    const [good, bad] = [side(2 * pair), side(2 * pair + 1)];
    data.set(
      good.map((value, i) => value - (bad[i] ?? 0)),
      pair * width,
    );
  }
  return { data, shape: [count / 2, width], dtype: 'float32' };
}

/** Discriminators and a backbone that knows no text, as what judges pictures. */
function semanticCritic(
  { path, clipNormalisation, feature, prompt }: StoredJudges,
  { backbone, parameters }: LoadedBackbone,
  rule: SfdRule,
): SemanticCritic {
  if (feature !== undefined) checkFeature(path, feature, backbone);
  const read = (): TensorValue | undefined => {
    if (prompt === undefined) return undefined;
    if (prompt.kind === 'directions') return prompt.value;
    const directions = directionsOfVectors(path, prompt.value, backbone.pooledWidth);
    return prompt.joined ? joined(directions) : directions;
  };
  const directions = read();
  if (directions !== undefined && directions.shape[1] !== backbone.pooledWidth)
    throw new RevelaError(
      `${path}: directions must be [pairs, ${backbone.pooledWidth}], got ${formatShape(directions.shape)}; take the discriminators and the network of one run`,
    );
  return {
    look: {
      ...{ backbone, normalised: clipNormalisation },
      ...present({ feature: feature?.config, promptScale: prompt?.scale }),
    },
    eye: parameters,
    ...present({ feature: feature?.parameters, directions }),
    rule,
  };
}

/** Discriminators and what they look through, as what judges pictures. */
export async function sfdCritic(
  runtime: Runtime,
  stored: StoredJudges,
  eye: Eye,
  rule: SfdRule,
): Promise<Critic | SemanticCritic> {
  return 'clip' in eye ? clipCritic(runtime, stored, eye.clip, rule) : semanticCritic(stored, eye, rule);
}

/** Discriminators and the CLIP that they look through, as what judges pictures. */
async function clipCritic(
  runtime: Runtime,
  { path, clipNormalisation, feature, prompt }: StoredJudges,
  clip: ClipWeights,
  rule: SfdRule,
): Promise<Critic> {
  if (feature !== undefined) checkFeature(path, feature, clipBackbone(clip.config));
  return {
    config: {
      ...{ clip: clip.config, normalised: clipNormalisation },
      ...present({ feature: feature?.config, promptScale: prompt?.scale, promptInput: prompt?.input }),
    },
    image: clip.image,
    ...present({
      feature: feature?.parameters,
      directions: prompt && (await directionsIn(runtime, path, prompt, clip)),
    }),
    rule,
  };
}
