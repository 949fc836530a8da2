import { present } from '../../present.js';
import {
  CLIP_STRIDE,
  clipFeatureWidth,
  clipPlaces,
  clipPool,
  clipStageNamed,
  clipStageStride,
  directionLogits,
} from '../../networks/index.js';
import { scopeOf } from '../../nn/index.js';
import {
  combineTerms,
  lookThroughClip,
  promptLogitsOf,
  seenResized,
  type SfdIqaConfig,
  type SfdRule,
  sfdTermsOf,
} from '../../quality/index.js';
import {
  grouped,
  mean,
  type Program,
  sigmoid,
  type Tensor,
  type TensorSpec,
  type TensorValue,
  trace,
} from '../../tensor/index.js';

/** What judges pictures through CLIP: Feat-D, prompt pairs, or both, and how their terms become a score. */
export interface Critic<Numbers = TensorValue> {
  readonly config: SfdIqaConfig;
  /** Parameters of CLIP's image encoder. */
  readonly image: Readonly<Record<string, Numbers>>;
  /** Parameters of Feat-D. */
  readonly feature?: Readonly<Record<string, Numbers>>;
  /** Prompt pairs, `[pairs, embed_dim]`. */
  readonly directions?: Numbers;
  readonly rule: SfdRule;
}

/** A critic without its numbers: what its programs are written of. */
export type CriticOutline = Critic<TensorSpec>;

const shapeOf = ({ shape, dtype }: TensorValue): TensorSpec => ({ shape, dtype });
const shapesOf = (values: Readonly<Record<string, TensorValue>>): Readonly<Record<string, TensorSpec>> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, shapeOf(value)]));

/** Leaves the numbers behind, which a device holds: of RN50 they are 150 MB. */
export function outlineOf({ config, image, feature, directions, rule }: Critic): CriticOutline {
  return {
    ...{ config, rule, image: shapesOf(image) },
    ...present({ feature: feature && shapesOf(feature), directions: directions && shapeOf(directions) }),
  };
}

/** A size in squares of 32 pixels, in each of which the last stage has one position. */
export interface Squares {
  readonly rows: number;
  readonly columns: number;
}

/** How many positions each layer of Feat-D has on a side of a square, in their order. */
export const positionsASquare = ({ config: { feature } }: Pick<CriticOutline, 'config'>): readonly number[] =>
  (feature?.layers ?? []).map((layer) => CLIP_STRIDE / clipStageStride(clipStageNamed(layer)));

/** Whether the prompts look at the last stage of what is seen in tiles. */
export const looksAtTiles = ({ config, directions }: Pick<CriticOutline, 'config' | 'directions'>): boolean =>
  directions !== undefined && config.promptInput !== 'resized';

/** All that is the same for every picture, by the names of the programs' inputs. */
export function criticConstants({
  image,
  feature,
  directions,
}: Critic): Readonly<Record<string, TensorValue>> {
  return {
    ...grouped('clip', image),
    ...grouped('feature', feature ?? {}),
    ...present({ directions }),
  };
}

/**
 * What is seen of a tile. Input: `picture` `[1, 3, 32·rows, 32·columns]`, RGB in [0, 1]. Outputs: `logits/0` … of Feat-D's
 * layers; `layer4`, where prompts want it.
 */
export function tileProgram(critic: CriticOutline, { rows, columns }: Squares): Program {
  const { config, image, feature } = critic;
  return trace(({ input, inputs }) => {
    const parameters = {
      clip: scopeOf(inputs('clip', image)),
      ...present({ feature: feature && scopeOf(inputs('feature', feature)) }),
    };
    const picture = input('picture', [1, 3, CLIP_STRIDE * rows, CLIP_STRIDE * columns]);
    const { logits, layer4 } = lookThroughClip(config)(parameters, picture);
    return {
      ...grouped('logits', Object.fromEntries(logits.map((x, layer) => [String(layer), x]))),
      ...(looksAtTiles(critic) ? { layer4 } : {}),
    };
  });
}

/**
 * What follows from all that was seen of a picture. Inputs: `logits/0` … of the whole picture, `coverage/0` … of each layer;
 * for prompts `layer4` of the whole picture, or, where they were trained so, `resized`, the picture at CLIP's own side.
 * Outputs: `score` and `term/NAME`, `[1]` each; `places` `[squares]`, what the prompts say of each square of what they see,
 * where that is asked for.
 */
export function verdictProgram(critic: CriticOutline, { rows, columns }: Squares, places: boolean): Program {
  const { config, image, directions: known, rule } = critic;
  const { clip, promptScale = 1 } = config;
  const grids = positionsASquare(critic).map((side) => [1, 1, rows * side, columns * side]);
  return trace(({ input, inputs }) => {
    const each = (group: string): readonly Tensor[] =>
      grids.map((shape, layer) => input(`${group}/${layer}`, shape));
    const logits = each('logits');
    const coverage = each('coverage');
    if (known === undefined) return verdict(sfdTermsOf(logits, undefined, coverage), rule);
    const directions = input('directions', known.shape);
    const scope = scopeOf(inputs('clip', image));
    const seen = (): { readonly embedding: Tensor; readonly layer4: Tensor } => {
      const { image_resolution: side } = clip;
      if (!looksAtTiles(critic))
        return seenResized(config, { clip: scope }, input('resized', [1, 3, side, side]));
      const layer4 = input('layer4', [1, clipFeatureWidth(clip), rows, columns]);
      return { layer4, embedding: clipPool(clip)(scope, layer4) };
    };
    const { embedding, layer4 } = seen();
    const z = promptLogitsOf(config, { clip: scope, directions }, embedding);
    const outputs = verdict(sfdTermsOf(logits, z, coverage), rule);
    if (!places) return outputs;
    const ofPlaces = directionLogits(clipPlaces(clip)(scope, layer4), directions, promptScale);
    return { ...outputs, places: mean(sigmoid(ofPlaces), { axes: [0, 2] }) };
  });
}

/** The score and its terms, as a program's outputs. */
function verdict(terms: ReturnType<typeof sfdTermsOf>, rule: SfdRule): Record<string, Tensor> {
  return { score: combineTerms(terms, rule), ...grouped('term', defined(terms)) };
}

/** The entries that there are. */
function defined<T>(record: Readonly<Partial<Record<string, T>>>): Record<string, T> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
