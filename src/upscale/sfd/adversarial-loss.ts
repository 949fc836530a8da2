import type { Tensor } from '../../tensor/index.js';
import { add, binaryCrossEntropyWithLogits, mean, multiply, subtract } from '../../tensor/index.js';

/**
 * How a discriminator's logits are judged.
 *
 * | name | the discriminator | the generator |
 * |---|---|---|
 * | `vanilla` (Goodfellow et al., 2014; SRGAN's) | BCE(real, 1) + BCE(fake, 0) | BCE(fake, 1) |
 * | `relativistic` (average; ESRGAN's, Jolicoeur-Martineau, 2018) | ½ (BCE(real − E fake, 1) + BCE(fake − E real, 0)) | ½ (BCE(real − E fake, 0) + BCE(fake − E real, 1)) |
 */
export type AdversarialLoss = 'vanilla' | 'relativistic';

/** The names of {@link AdversarialLoss}. */
export const adversarialLosses: readonly AdversarialLoss[] = ['vanilla', 'relativistic'];

/** Logits of the same discriminator, `[batch, …]`. */
export interface Judged {
  readonly real: Tensor;
  readonly fake: Tensor;
}

/** Logits less the mean of the other side's. */
const relative = ({ real, fake }: Judged): Judged => ({
  real: subtract(real, mean(fake)),
  fake: subtract(fake, mean(real)),
});

/** The logits as the loss looks at them: those of the relativistic one mean something only beside the other side's. */
export function comparable(judged: Judged, kind: AdversarialLoss): Judged {
  return kind === 'relativistic' ? relative(judged) : judged;
}

/** What a discriminator minimises, a scalar. */
export function discriminatorLoss(judged: Judged, kind: AdversarialLoss): Tensor {
  const { real, fake } = comparable(judged, kind);
  const loss = add(binaryCrossEntropyWithLogits(real, 1), binaryCrossEntropyWithLogits(fake, 0));
  return kind === 'relativistic' ? multiply(loss, 0.5) : loss;
}

/** What the generator minimises, a scalar. The logits of real pictures matter to the relativistic loss alone. */
export function generatorLoss(judged: Judged, kind: AdversarialLoss): Tensor {
  if (kind === 'vanilla') return binaryCrossEntropyWithLogits(judged.fake, 1);
  const { real, fake } = relative(judged);
  return multiply(add(binaryCrossEntropyWithLogits(real, 0), binaryCrossEntropyWithLogits(fake, 1)), 0.5);
}
