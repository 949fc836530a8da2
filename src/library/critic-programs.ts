import {
  CLIP_STRIDE,
  clipFeatureWidth,
  clipPlaces,
  clipStageStride,
  directionLogits,
} from '../networks/index.js';
import { scopeOf } from '../nn/index.js';
import {
  combineTerms,
  lookThroughClip,
  promptLogitsOf,
  type SfdIqaConfig,
  type SfdIqaParameters,
  type SfdRule,
  sfdTermsOf,
} from '../quality/index.js';
import {
  grouped,
  mean,
  type Program,
  sigmoid,
  type Tensor,
  type TensorValue,
  trace,
} from '../tensor/index.js';

/** What judges pictures through CLIP: Feat-D, prompt pairs, or both, and how their terms become a score. */
export interface Critic {
  readonly config: SfdIqaConfig;
  /** Parameters of CLIP's image encoder. */
  readonly image: Readonly<Record<string, TensorValue>>;
  /** Parameters of Feat-D. */
  readonly feature?: Readonly<Record<string, TensorValue>>;
  /** Prompt pairs, `[pairs, embed_dim]`. */
  readonly directions?: TensorValue;
  readonly rule: SfdRule;
}

/** A size in squares of 32 pixels, in each of which the last stage has one position. */
export interface Squares {
  readonly rows: number;
  readonly columns: number;
}

/** How many positions each layer of Feat-D has on a side of a square, in their order. */
export const positionsASquare = ({ config: { feature } }: Pick<Critic, 'config'>): readonly number[] =>
  (feature?.layers ?? []).map((layer) => CLIP_STRIDE / clipStageStride(layer));

/** All that is the same for every picture, by the names of the programs' inputs. */
export function criticConstants({
  image,
  feature,
  directions,
}: Critic): Readonly<Record<string, TensorValue>> {
  return {
    ...grouped('clip', image),
    ...grouped('feature', feature ?? {}),
    ...(directions === undefined ? {} : { directions }),
  };
}

/**
 * What is seen of a tile. Input: `picture` `[1, 3, 32·rows, 32·columns]`, RGB in [0, 1]. Outputs: `logits/0` … of Feat-D's
 * layers; `layer4`, where prompts want it.
 */
export function tileProgram(
  { config, image, feature, directions }: Critic,
  { rows, columns }: Squares,
): Program {
  return trace(({ input, inputs }) => {
    const parameters = {
      clip: scopeOf(inputs('clip', image)),
      ...(feature === undefined ? {} : { feature: scopeOf(inputs('feature', feature)) }),
    };
    const picture = input('picture', [1, 3, CLIP_STRIDE * rows, CLIP_STRIDE * columns]);
    const { logits, layer4 } = lookThroughClip(config)(parameters, picture);
    return {
      ...grouped('logits', Object.fromEntries(logits.map((x, layer) => [String(layer), x]))),
      ...(directions === undefined ? {} : { layer4 }),
    };
  });
}

/**
 * What follows from all that was seen of a picture. Inputs: `logits/0` … and `layer4` of the whole picture, `coverage/0` …
 * of each layer. Outputs: `score` and `term/NAME`, `[1]` each; `places` `[squares]`, what the prompts say of each place, where
 * that is asked for.
 */
export function verdictProgram(critic: Critic, { rows, columns }: Squares, places: boolean): Program {
  const { config, image, directions, rule } = critic;
  const grids = positionsASquare(critic).map((side) => [1, 1, rows * side, columns * side]);
  return trace(({ input, inputs }) => {
    const each = (group: string): readonly Tensor[] =>
      grids.map((shape, layer) => input(`${group}/${layer}`, shape));
    const logits = each('logits');
    const coverage = each('coverage');
    if (directions === undefined || config.promptScale === undefined)
      return verdict(sfdTermsOf(logits, undefined, coverage), rule);
    const parameters: Required<Pick<SfdIqaParameters, 'clip' | 'directions'>> = {
      clip: scopeOf(inputs('clip', image)),
      directions: input('directions', directions.shape),
    };
    const layer4 = input('layer4', [1, clipFeatureWidth(config.clip), rows, columns]);
    const terms = sfdTermsOf(logits, promptLogitsOf(config, parameters, layer4), coverage);
    if (!places) return verdict(terms, rule);
    const embeddings = clipPlaces(config.clip)(parameters.clip, layer4);
    const z = directionLogits(embeddings, parameters.directions, config.promptScale);
    return { ...verdict(terms, rule), places: mean(sigmoid(z), { axes: [0, 2] }) };
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
