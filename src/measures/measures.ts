import { optionError } from '../errors.js';
import {
  brisqueMeasure,
  clipIqaMeasure,
  ilNiqeMeasure,
  niqeMeasure,
  type QualityMeasure,
  scorerMeasure,
  sfdIqaMeasure,
} from '../quality/choices.js';

/** The measures that judge a picture alone, as users name them. */
export type MeasureName = 'revela' | 'niqe' | 'il-niqe' | 'brisque' | 'clip-iqa' | 'sfd-iqa';

/**
 * The measures that judge a picture alone, by name: range, which direction is better, what they need and refuse, who
 * defined them.
 *
 * @example
 * for (const { name, better, range } of Object.values(measures)) console.log(name, better, range);
 */
export const measures: Readonly<Record<MeasureName, QualityMeasure>> = {
  revela: scorerMeasure,
  niqe: {
    ...niqeMeasure,
    needs: [
      'a model of good photographs: one of its own comes with revela; published scores need niqe_pris_params.npz or modelparameters.mat',
    ],
  },
  'il-niqe': ilNiqeMeasure,
  brisque: brisqueMeasure,
  'clip-iqa': clipIqaMeasure,
  'sfd-iqa': sfdIqaMeasure,
};

/** The names of the {@link measures}, the default first. */
export const measureNames: readonly MeasureName[] = [
  'revela',
  'niqe',
  'il-niqe',
  'brisque',
  'clip-iqa',
  'sfd-iqa',
];

/** The measure that is meant where none is named. */
export const defaultMeasure: MeasureName = 'revela';

const plain = (name: string): string => name.toLowerCase().replaceAll('-', '');

/**
 * The measure that was named, in any case and with or without hyphens: papers and programs differ in them.
 *
 * @throws OptionError for a name that no such measure has
 *
 * @example
 * measureNamed('IL-NIQE') === measureNamed('ilniqe'); // 'il-niqe'
 */
export function measureNamed(name: string): MeasureName {
  const found = measureNames.find((known) => plain(known) === plain(name));
  if (found !== undefined) return found;
  throw optionError('metrics', `one of ${measureNames.join(', ')}`, name);
}
