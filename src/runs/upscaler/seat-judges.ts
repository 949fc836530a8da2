import { present } from '../../present.js';
import { createPatchSource } from '../../images/index.js';
import { type FeatureDiscriminatorConfig, stageOf } from '../../networks/index.js';
import { adam, scopeOf } from '../../nn/index.js';
import { type Runtime, neededFeeds } from '../../runtime/index.js';
import { grouped, mean, square, type Tensor, trace } from '../../tensor/index.js';
import type { SeatedJudge } from '../../upscale/index.js';
import {
  featureJudge,
  imageJudge,
  type Judge,
  type PromptWords,
  promptJudge,
  vectorJudge,
} from '../../upscale/index.js';
import { fixedSeed } from '../fixed-seed.js';
import type { DiscriminatorName } from './game-options.js';
import type { GameSettings } from './game-settings.js';
import type { LoadedBackbone, ClipWeights } from '../../models/index.js';

/** How many patches that is measured on. */
const fixedPatches = 16;

/** What judges are made with. */
export interface Seating {
  readonly game: GameSettings;
  /** What judges look through, where they do. */
  readonly eye?: LoadedBackbone;
  /** The CLIP of it, which reads prompts; without it they are vectors. */
  readonly clip?: ClipWeights;
  /** What prompts begin with, where that is words. */
  readonly words?: PromptWords;
  readonly files: readonly string[];
  /** Side of the patches. */
  readonly patch: number;
  readonly seed: number;
}

function needed(eye: LoadedBackbone | undefined): LoadedBackbone {
  if (eye === undefined) throw new RangeError('a judge looks through a backbone, and there is none');
  return eye;
}

/**
 * What brings the backbone's features at some stages to a mean square of 1 on real pictures, measured on 16 patches that are the
 * same in all runs on these pictures (the idea of SRFeat's 1/12.75, ECCV 2018; *inferred* for SFD).
 */
async function featureScales(
  runtime: Runtime,
  layers: readonly string[],
  { eye, game, files, patch }: Seating,
): Promise<readonly number[]> {
  const { backbone, parameters } = needed(eye);
  const shape = [1, 3, patch, patch];
  const program = trace(({ input, inputs }) => {
    const x = input('x', shape);
    const { stages } = backbone.look(
      scopeOf(inputs('eye', parameters)),
      game.clipNormalisation ? backbone.normalise(x) : x,
    );
    const power = (layer: string): Tensor => mean(square(stages[layer] ?? x));
    return Object.fromEntries(layers.map((layer) => [layer, power(layer)]));
  });
  await using executable = await runtime.load(program);
  const fixed = neededFeeds(executable, grouped('eye', parameters));
  await using source = createPatchSource({ files, patch, batch: 1, seed: fixedSeed, augment: false });
  const sums = layers.map(() => 0);
  for (let i = 0; i < fixedPatches; i++) {
    const { patches } = await source.next();
    const { fetched } = await executable.run({ ...fixed, x: { data: patches, shape, dtype: 'float32' } });
    for (const [index, layer] of layers.entries())
      sums[index] = (sums[index] ?? 0) + Number(fetched[layer]?.data[0]);
  }
  return sums.map((sum) => 1 / Math.sqrt(Math.max(sum / fixedPatches, 1e-12)));
}

/** Judges in their places, and what belongs to them. */
export interface Seated {
  readonly judges: readonly SeatedJudge[];
  /** The judge of features as it was made, with its scales. */
  readonly feature?: FeatureDiscriminatorConfig;
}

/** Makes the judges of a game, each with its weight and its rate. */
export async function seatJudges(runtime: Runtime, seating: Seating): Promise<Seated> {
  const { game, eye, clip, words, patch, seed } = seating;
  const { weights, rates, discriminators } = game;
  let feature: FeatureDiscriminatorConfig | undefined;
  const judges: SeatedJudge[] = [];
  const optimiser = adam({ betas: game.betas });
  const made = async (name: DiscriminatorName): Promise<Judge> => {
    if (name === 'prompt')
      return clip === undefined
        ? vectorJudge(game.prompt, needed(eye).backbone.pooledWidth, seed)
        : promptJudge(game.prompt, clip.config, seed, words);
    if (name !== 'feature') return imageJudge(name, patch, seed);
    const { layers } = game.feature;
    feature = game.featureScaling
      ? { ...game.feature, scales: await featureScales(runtime, layers, seating) }
      : game.feature;
    return featureJudge(
      feature,
      layers.map((layer) => stageOf(needed(eye).backbone, layer).channels),
      seed,
    );
  };
  for (const name of discriminators) {
    const judge = await made(name);
    const weight = name === 'feature' || name === 'prompt' ? weights[name] : weights.image;
    judges.push({
      ...{ judge, weight, optimiser },
      rate: name === 'prompt' ? rates.prompt : rates.others,
      deceptionScale: name === 'prompt' ? game.promptLossScale / game.prompt.scale : 1,
    });
  }
  return {
    judges,
    ...present({ feature }),
  };
}
