import { OptionError } from '../errors.js';
import type { InferenceMethod, InferenceOptions } from './method.js';
import { plainInference } from './method.js';

/** One way to run a teacher: its options of inference, whether detail is given back, and which of several draws. */
export interface TeacherVariant {
  readonly options: InferenceOptions;
  /** See {@link keepDetail}. */
  readonly keepDetail: boolean;
  /** Variants that differ in this alone draw other masks. */
  readonly draw: number;
}

type Reader = (variant: TeacherVariant, number: number) => TeacherVariant;

const withOptions = (variant: TeacherVariant, options: Partial<InferenceOptions>): TeacherVariant => ({
  ...variant,
  options: { ...variant.options, ...options },
});

const takes =
  (option: keyof InferenceOptions) =>
  ({ inference }: InferenceMethod): boolean =>
    inference.takes.includes(option);

/** The words of a variant: what each sets, and for which methods it means something; left out: for all. */
const words: readonly {
  readonly pattern: RegExp;
  readonly suits?: (method: InferenceMethod) => boolean;
  readonly read: Reader;
}[] = [
  {
    pattern: /^pd([1-9])$/,
    suits: takes('subSampling'),
    read: (v, subSampling) => withOptions(v, { subSampling }),
  },
  { pattern: /^enhanced$/, suits: takes('enhance'), read: (v) => withOptions(v, { enhance: true }) },
  {
    pattern: /^per-element$/,
    suits: takes('refine'),
    read: (v) => withOptions(v, { refine: 'per-element' }),
  },
  { pattern: /^per-pixel$/, suits: takes('refine'), read: (v) => withOptions(v, { refine: 'per-pixel' }) },
  { pattern: /^masks([2-9])$/, suits: takes('masks'), read: (v, masks) => withOptions(v, { masks }) },
  {
    pattern: /^fixed$/,
    suits: takes('deterministic'),
    read: (v) => withOptions(v, { deterministic: true }),
  },
  {
    pattern: /^detail$/,
    suits: ({ inference }) => inference.losesDetail,
    read: (v) => ({ ...v, keepDetail: true }),
  },
  { pattern: /^draw([1-9]\d?)$/, read: (v, draw) => ({ ...v, draw }) },
];

/**
 * Reads a variant of a teacher: words joined by `+`.
 *
 * | word | meaning |
 * |---|---|
 * | `pd1`, `pd2`, `pd3` … | the stride of the sub-sampling; 2 where none is named |
 * | `enhanced` | the method's second pass |
 * | `per-element`, `per-pixel` | random-replacing refinement |
 * | `masks2`, `masks3` … | the number of complementary masks |
 * | `fixed` | fixed patterns in place of random masks |
 * | `detail` | what the network cannot predict is given back, see {@link keepDetail} |
 * | `draw1`, `draw2` … | other random numbers |
 *
 * @throws OptionError for a word that is unknown, or means nothing to the method
 *
 * @example
 * teacherVariant('pd3+enhanced', sdap);
 */
export function teacherVariant(text: string, method: InferenceMethod): TeacherVariant {
  let variant: TeacherVariant = { options: plainInference, keepDetail: false, draw: 0 };
  for (const word of text.split('+')) {
    const known = words.find(({ pattern }) => pattern.test(word));
    if (known === undefined)
      throw new OptionError(
        `\`variants\`: ${word} is no part of a variant; expected words such as pd2+enhanced or pd2+draw1`,
      );
    if (known.suits?.(method) === false)
      throw new OptionError(`\`variants\`: ${word} means nothing to ${method.name}; leave it out`);
    variant = known.read(variant, Number(known.pattern.exec(word)?.[1]));
  }
  return variant;
}

/**
 * The variants of a teacher that are taken where none are named: those strides and passes that agree in the picture and
 * differ in what they do wrong, and where there are random masks, several draws. Detail is given back where the method
 * loses it: a student cannot know what none of its teachers does.
 */
export function defaultVariants({ inference: { takes, losesDetail } }: InferenceMethod): readonly string[] {
  const detail = losesDetail ? '+detail' : '';
  if (takes.includes('enhance')) return [`pd2${detail}`, `pd3${detail}`, `pd3+enhanced${detail}`];
  if (takes.includes('masks'))
    return [`pd2${detail}`, `pd2${detail}+draw1`, `pd2${detail}+draw2`, `pd3${detail}`];
  return takes.includes('subSampling') ? [`pd2${detail}`, `pd3${detail}`] : ['draw1'];
}
