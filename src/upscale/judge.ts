import type { ParameterDeclarations } from '../nn/index.js';
import { initialiseParameters, isSpectralVector, settleSpectralVectors } from '../nn/index.js';
import type { Tensor, TensorRecord, TensorValue } from '../tensor/index.js';

/**
 * What judges look at: `image`, a picture itself; a stage of the backbone, by its name; or what the backbone says of the whole picture:
 * `embedding` at the picture's own size (of CLIP without a vector for each place), `positionalEmbedding` at the size that CLIP
 * learnt such vectors for, with them.
 */
export type Sight = string;

/** A batch of pictures as judges see it. */
export type View = Readonly<Partial<Record<Sight, Tensor>>>;

/**
 * A discriminator: it learns to tell pictures that a generator made from real ones. It is a description; who trains it, and
 * on which device, it does not know.
 */
export interface Judge {
  readonly name: string;
  /** What it must be shown. */
  readonly sights: readonly Sight[];
  /** What it learns, as it begins, by key. */
  readonly parameters: Readonly<Record<string, TensorValue>>;
  /** What follows its parameters without a gradient: the vectors of spectral normalisation. */
  readonly buffers: Readonly<Record<string, TensorValue>>;
  /**
   * Takes its seat: what follows may be asked for views of several batches. Logits, one tensor for each part that judges by
   * itself; positive where it takes the pictures for real.
   *
   * @param own its parameters and buffers
   * @param frozen what nobody learns, by `group/key`
   */
  judging(own: TensorRecord, frozen: TensorRecord): (view: View) => readonly Tensor[];
}

/** What a view shows, or an error that says what it lacks. */
export function shown(view: View, sight: Sight, judge: string): Tensor {
  const tensor = view[sight];
  if (tensor === undefined) throw new RangeError(`the judge ${judge} was not shown the ${sight}`);
  return tensor;
}

/** What a judge begins with, drawn from a seed: vectors of spectral normalisation belong to their weights from the start. */
export function firstValues(
  declared: ParameterDeclarations,
  seed: number,
): Pick<Judge, 'parameters' | 'buffers'> {
  const first = Object.entries(settleSpectralVectors(initialiseParameters(declared, seed)));
  return {
    parameters: Object.fromEntries(first.filter(([key]) => !isSpectralVector(key))),
    buffers: Object.fromEntries(first.filter(([key]) => isSpectralVector(key))),
  };
}
