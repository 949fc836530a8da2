import type { Tensor } from '../../tensor/index.js';
import { absolute, add, cast, greater, mean, multiply, subtract, total } from '../../tensor/index.js';
import {
  type AdversarialLoss,
  comparable,
  discriminatorLoss,
  generatorLoss,
  type Judged,
} from './adversarial-loss.js';

/** Logits of real and of made pictures, one pair of tensors for each layer or head that judges by itself. */
export interface Verdicts {
  readonly real: readonly Tensor[];
  readonly fake: readonly Tensor[];
}

const meanOf = (terms: readonly Tensor[]): Tensor => multiply(total(terms), 1 / terms.length);

function judged({ real, fake }: Verdicts): readonly Judged[] {
  if (real.length !== fake.length)
    throw new RangeError(`${real.length} verdicts on real pictures and ${fake.length} on made ones`);
  return real.flatMap((logits, index) => {
    const other = fake[index];
    return other === undefined ? [] : [{ real: logits, fake: other }];
  });
}

/** What a discriminator of several heads minimises: the mean of their losses. */
export function verdictLoss(verdicts: Verdicts, kind: AdversarialLoss): Tensor {
  return meanOf(judged(verdicts).map((pair) => discriminatorLoss(pair, kind)));
}

/** What the generator minimises against a discriminator of several heads: the mean of the losses. */
export function deceptionLoss(verdicts: Verdicts, kind: AdversarialLoss): Tensor {
  return meanOf(judged(verdicts).map((pair) => generatorLoss(pair, kind)));
}

/** The share of true entries, a scalar. */
const shareOf = (truth: Tensor): Tensor => mean(cast(truth, 'float32'));

/** Logits beyond which a sigmoid is flat: a judge whose verdicts lie there teaches little. */
const SATURATED = 8;

/**
 * The share of verdicts that are right: positive on real pictures, negative on made ones; mean over heads. At 0.5 a
 * discriminator guesses, at 1 it has won, and its opponent learns little from it.
 */
export function accuracy(verdicts: Verdicts, kind: AdversarialLoss): Tensor {
  return meanOf(
    judged(verdicts).map((pair) => {
      const { real, fake } = comparable(pair, kind);
      return multiply(add(shareOf(greater(real, 0)), subtract(1, shareOf(greater(fake, 0)))), 0.5);
    }),
  );
}

/** The share of verdicts where the loss is flat, |logit| > 8; mean over heads. */
export function saturation(verdicts: Verdicts, kind: AdversarialLoss): Tensor {
  return meanOf(
    judged(verdicts).map((pair) => {
      const { real, fake } = comparable(pair, kind);
      const flat = (logits: Tensor): Tensor => shareOf(greater(absolute(logits), SATURATED));
      return multiply(add(flat(real), flat(fake)), 0.5);
    }),
  );
}
