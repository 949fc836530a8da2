import { OptionError, optionError } from '../../errors.js';
import { present } from '../../present.js';
import {
  type QualityMeasure,
  type SfdCombination,
  sfdCombinations,
  sfdIqaMeasure,
  type SfdRule,
  sfdRuleDefault,
  type SigmoidPlace,
  sigmoidPlaces,
  termsOfRule,
} from '../../quality/index.js';
import type { LongSide } from '../critic/judged-picture.js';
import type { StoredJudges } from './judges-file.js';
import type { ScorerStatistics } from './judges-metadata.js';

/** How SFD-IQA's terms are combined; all *inferred*. */
export interface SfdRuleOptions {
  /** `average`, `product`, `weighted` or `logits`; default `average`. */
  readonly combine?: SfdCombination;
  /** Share of Feat-D in `weighted`, from 0 to 1; default 0.5. */
  readonly featureWeight?: number;
  /** Where the sigmoid of Feat-D is taken: at every `position`, the default, or of the `picture`'s mean. */
  readonly sigmoid?: SigmoidPlace;
  /**
   * Whether terms are standardised by what the scorer holds of a set of pictures; default: where it holds that, except
   * for `product`. `logits` always are.
   */
  readonly standardise?: boolean;
}

function oneOf<T extends string>(list: readonly T[], value: T, option: string): T {
  if (list.includes(value)) return value;
  throw optionError(option, `one of ${list.join(', ')}`, value);
}

/** The statistics that a rule uses, or none. */
function settledStatistics(
  { combine, sigmoid }: Pick<SfdRule, 'combine' | 'sigmoid'>,
  standardise: boolean | undefined,
  { statistics, feature, prompt }: Pick<StoredJudges, 'statistics' | 'feature' | 'prompt'>,
  longSide: LongSide,
): ScorerStatistics['terms'] | undefined {
  if (combine === 'product') {
    if (standardise === true)
      throw new OptionError(
        'standardised terms cannot be multiplied: leave out standardise, or combine them otherwise',
      );
    return undefined;
  }
  if (combine === 'logits' && standardise === false)
    throw new OptionError('logits are added only when they are standardised: leave standardise on');
  const wanted = standardise ?? (statistics !== undefined || combine === 'logits');
  if (!wanted) return undefined;
  if (statistics === undefined)
    throw new OptionError(
      `${combine === 'logits' ? 'logits are added' : 'terms are standardised'} by what was measured on a set of pictures, which these discriminators do not hold: make a scorer of them with \`calibrateSfdIqa()\``,
    );
  if (statistics.longSide !== longSide)
    throw new OptionError(
      `the scorer was measured on pictures with a long side of ${statistics.longSide}, got ${longSide}: leave it out, turn standardise off, or measure it again`,
    );
  const names = termsOfRule({ combine, sigmoid });
  const needed = [
    ...(feature === undefined ? [] : [names.feature]),
    ...(prompt === undefined ? [] : [names.prompt]),
  ];
  for (const name of needed)
    if (statistics.terms[name] === undefined)
      throw new OptionError(`the scorer's statistics lack the term ${name}: measure it again`);
  return statistics.terms;
}

/**
 * Settles how terms become a score.
 *
 * @throws OptionError for choices that cannot be, or that contradict each other
 */
export function settledRule(
  options: SfdRuleOptions,
  judges: Pick<StoredJudges, 'statistics' | 'feature' | 'prompt'>,
  longSide: LongSide,
): SfdRule {
  const combine = oneOf(sfdCombinations, options.combine ?? sfdRuleDefault.combine, 'combine');
  const sigmoid = oneOf(sigmoidPlaces, options.sigmoid ?? sfdRuleDefault.sigmoid, 'sigmoid');
  const { featureWeight = sfdRuleDefault.featureWeight } = options;
  if (!(featureWeight >= 0 && featureWeight <= 1))
    throw new OptionError(`featureWeight must be from 0 to 1, got ${featureWeight}`);
  if (options.featureWeight !== undefined && combine !== 'weighted')
    throw new OptionError(`featureWeight is for combine weighted, and ${combine} has no use for it`);
  if (options.sigmoid !== undefined && combine === 'logits')
    throw new OptionError('sigmoid has no meaning for combine logits, which takes none');
  const statistics = settledStatistics({ combine, sigmoid }, options.standardise, judges, longSide);
  return { combine, featureWeight, sigmoid, ...present({ statistics }) };
}

/** What is to be known about SFD-IQA by a rule. */
export function sfdMeasureBy({ statistics }: Pick<SfdRule, 'statistics'>): QualityMeasure {
  if (statistics === undefined) return sfdIqaMeasure;
  return { ...sfdIqaMeasure, range: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] };
}
