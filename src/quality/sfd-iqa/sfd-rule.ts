import { RevelaError } from '../../errors.js';
import { type Tensor, add, multiply, subtract } from '../../tensor/index.js';
import type { SfdTermName, SfdTerms } from './sfd-terms.js';

/**
 * How SFD-IQA's two terms, q_F of the features and q_T of the prompts, become one score. The paper's formula is not known;
 * all of these are *inferred*.
 *
 * | name | score |
 * |---|---|
 * | `average` | (q_F + q_T) / 2 |
 * | `product` | q_F · q_T |
 * | `weighted` | w · q_F + (1 − w) · q_T |
 * | `logits` | the mean logit of Feat-D plus the mean z of the prompts, each standardised on a set of pictures |
 */
export type SfdCombination = 'average' | 'product' | 'weighted' | 'logits';

/** Where the sigmoid of Feat-D is taken: at every position before the mean, or of the picture's mean. The ranking differs. */
export type SigmoidPlace = 'position' | 'picture';

/** Mean and standard deviation of a term over a set of pictures. */
export interface TermStatistics {
  readonly mean: number;
  readonly deviation: number;
}

/** What was measured of the terms on a fixed set of pictures without any opinions. */
export type SfdStatistics = Readonly<Partial<Record<SfdTermName, TermStatistics>>>;

/** How terms become a score. */
export interface SfdRule {
  readonly combine: SfdCombination;
  /** w of `weighted`, from 0 to 1. */
  readonly featureWeight: number;
  readonly sigmoid: SigmoidPlace;
  /** Terms are standardised by these first: (q − mean) / deviation. Needed by `logits`; not for `product`. */
  readonly statistics?: SfdStatistics;
}

/** The rule of the reconstruction, without standardising. *Inferred.* */
export const sfdRuleDefault: SfdRule = { combine: 'average', featureWeight: 0.5, sigmoid: 'position' };

/** The two terms that a rule combines. */
export function termsOfRule({ combine, sigmoid }: Pick<SfdRule, 'combine' | 'sigmoid'>): {
  readonly feature: SfdTermName;
  readonly prompt: SfdTermName;
} {
  if (combine === 'logits') return { feature: 'featureLogit', prompt: 'promptLogit' };
  return { feature: sigmoid === 'position' ? 'featureByPosition' : 'featureByPicture', prompt: 'prompt' };
}

/**
 * Mean and standard deviation (population) of every term over pictures.
 *
 * @param pictures the terms of each
 * @throws RevelaError if there are fewer than two, or a term is the same for all of them
 */
export function statisticsOf(
  pictures: readonly Readonly<Partial<Record<SfdTermName, number>>>[],
  names: readonly SfdTermName[],
): SfdStatistics {
  if (pictures.length < 2)
    throw new RevelaError(
      `terms are standardised by what several pictures have, got ${pictures.length}; give at least two, better hundreds`,
    );
  const measured = names.map((name): [SfdTermName, TermStatistics] => {
    const values = pictures.map((terms) => terms[name] ?? Number.NaN);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    if (!(variance > 0))
      throw new RevelaError(`the term ${name} is the same for all pictures; measure it on other ones`);
    return [name, { mean, deviation: Math.sqrt(variance) }];
  });
  return Object.fromEntries(measured);
}

function standardised(term: Tensor, name: SfdTermName, statistics: SfdStatistics | undefined): Tensor {
  if (statistics === undefined) return term;
  const known = statistics[name];
  if (known === undefined) throw new RangeError(`the term ${name} was not measured`);
  return multiply(subtract(term, known.mean), 1 / known.deviation);
}

/**
 * SFD-IQA's score of its terms. Where only one of the two judges was trained, its term alone is the score.
 *
 * @returns `[batch]`; higher is better. Within [0, 1] without statistics, but for `logits`
 */
export function combineTerms(terms: SfdTerms, rule: SfdRule): Tensor {
  const { combine, featureWeight, statistics } = rule;
  if (combine === 'product' && statistics !== undefined)
    throw new RangeError('a product of standardised terms grows where both are bad');
  if (combine === 'logits' && statistics === undefined)
    throw new RangeError('logits are added once they are standardised, and there are no statistics');
  const names = termsOfRule(rule);
  const [feature, prompt] = [names.feature, names.prompt].map((name) => {
    const term = terms[name];
    return term === undefined ? undefined : standardised(term, name, statistics);
  });
  if (feature === undefined || prompt === undefined) {
    const only = feature ?? prompt;
    if (only === undefined) throw new RangeError('SFD-IQA has no terms');
    return only;
  }
  switch (combine) {
    case 'average':
      return multiply(add(feature, prompt), 0.5);
    case 'product':
      return multiply(feature, prompt);
    case 'weighted':
      return add(multiply(feature, featureWeight), multiply(prompt, 1 - featureWeight));
    case 'logits':
      return add(feature, prompt);
  }
}
