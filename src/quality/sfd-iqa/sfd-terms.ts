import { type Tensor, type TensorRecord, mean, multiply, sigmoid, sum, total } from '../../tensor/index.js';

/**
 * What SFD-IQA is made of, each of them higher for better pictures.
 *
 * | term | what | range |
 * |---|---|---|
 * | `featureByPosition` | mean over layers of the mean over positions of sigmoid(Feat-D) | [0, 1] |
 * | `featureByPicture` | mean over layers of sigmoid(the mean over positions of Feat-D) | [0, 1] |
 * | `featureLogit` | mean over layers of the mean over positions of Feat-D | all numbers |
 * | `prompt` | mean over prompt pairs of sigmoid(z) | [0, 1] |
 * | `promptLogit` | mean over prompt pairs of z | all numbers |
 */
export const sfdTermNames = [
  'featureByPosition',
  'featureByPicture',
  'featureLogit',
  'prompt',
  'promptLogit',
] as const;
/** The names of {@link SfdTerms}. */
export type SfdTermName = (typeof sfdTermNames)[number];

/** The terms that there are, each `[batch]`. */
export type SfdTerms = Readonly<Partial<Record<SfdTermName, Tensor>>>;

const meanOf = (terms: readonly Tensor[]): Tensor => multiply(total(terms), 1 / terms.length);

/**
 * The terms of Feat-D.
 *
 * @param logits of each layer, `[batch, 1, rows, columns]`
 * @param coverage how much each position of each layer counts, `[1, 1, rows, columns]`, adding up to 1; left out: all the same
 */
export function featureTerms(logits: readonly Tensor[], coverage?: readonly Tensor[]): TensorRecord {
  const overPositions = (x: Tensor, layer: number): Tensor => {
    const weights = coverage?.[layer];
    return weights === undefined
      ? mean(x, { axes: [1, 2, 3] })
      : sum(multiply(x, weights), { axes: [1, 2, 3] });
  };
  const means = logits.map(overPositions);
  return {
    featureByPosition: meanOf(logits.map((x, layer) => overPositions(sigmoid(x), layer))),
    featureByPicture: meanOf(means.map(sigmoid)),
    featureLogit: meanOf(means),
  };
}

/**
 * The terms of prompt pairs.
 *
 * @param logits z, `[batch, pairs]`
 */
export function promptTerms(logits: Tensor): TensorRecord {
  return {
    prompt: mean(sigmoid(logits), { axes: [1] }),
    promptLogit: mean(logits, { axes: [1] }),
  };
}
