import { OptionError } from '../../errors.js';
import { present } from '../../present.js';
import { type QualityMeasure, type SfdRule, sfdRuleDefault, termsOfRule } from '../../quality/index.js';
import type { LongSide } from '../critic/long-side.js';
import type { OptionsOf } from '../../options/index.js';
import type { StoredJudges } from './judges-file.js';
import type { CalibratedTerms } from './judges-metadata.js';
import { sfdIqaMeasure, type sfdRuleOptions } from './sfd-iqa-facts.js';

/** How SFD-IQA's terms are combined. */
export type SfdRuleOptions = OptionsOf<typeof sfdRuleOptions>;

/** The statistics that a rule uses, or none. */
function settledStatistics(
  { combine, sigmoid }: Pick<SfdRule, 'combine' | 'sigmoid'>,
  standardise: boolean | undefined,
  { statistics, feature, prompt }: Pick<StoredJudges, 'statistics' | 'feature' | 'prompt'>,
  longSide: LongSide,
): CalibratedTerms['terms'] | undefined {
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
      `${combine === 'logits' ? 'logits are added' : 'terms are standardised'} by what was measured on a set of pictures, which these discriminators do not hold: calibrate them with \`calibrateSfdIqa()\``,
    );
  if (statistics.longSide !== longSide)
    throw new OptionError(
      `they were calibrated on pictures with a long side of ${statistics.longSide}, got ${longSide}: leave it out, turn standardise off, or calibrate them again`,
    );
  const names = termsOfRule({ combine, sigmoid });
  const needed = [
    ...(feature === undefined ? [] : [names.feature]),
    ...(prompt === undefined ? [] : [names.prompt]),
  ];
  for (const name of needed)
    if (statistics.terms[name] === undefined)
      throw new OptionError(`what was calibrated lacks the term ${name}: calibrate again`);
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
  const { combine, sigmoid, featureWeight } = { ...sfdRuleDefault, ...present(options) };
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
