import { type Command, InvalidArgumentError } from 'commander';
import { sfdCombinations, sigmoidPlaces } from '../../api/choices.js';
import type { MeasureName, MeasureOptions } from '../../api/index.js';
import { OptionError } from '../../errors.js';
import type { Context } from '../context.js';
import { present } from '../../present.js';
import { optionName } from '../terminal/wording.js';
import { collected } from './collected.js';
import { numberFrom, wholeNumber } from './numbers.js';
import { addOption } from './options.js';

/** What measures of one picture are made of, as typed; what was not typed is missing. */
export interface MeasureFlags
  extends Pick<
    MeasureOptions,
    'judges' | 'combine' | 'featureWeight' | 'sigmoid' | 'standardise' | 'longSide'
  > {
  readonly scorer?: string;
  readonly niqeModel?: string;
  readonly ilNiqeModel?: string;
  readonly brisqueModel?: string;
  readonly brisqueRange?: string;
  readonly clip?: string;
  readonly backbone?: string;
  readonly good?: readonly string[];
  readonly bad?: readonly string[];
}

/** Adds the options of {@link MeasureFlags}. */
export function addMeasureOptions(command: Command): Command {
  command.optionsGroup('Options of single metrics:');
  addOption(command, '--scorer <WEIGHTS>', 'revela: a trained scorer (default: the built-in one)');
  addOption(
    command,
    '--niqe-model <FILE>',
    'niqe: the model niqe for published scores (default: the built-in one)',
  );
  addOption(command, '--il-niqe-model <FILE>', 'il-niqe: the same (default: the model il-niqe)');
  addOption(command, '--brisque-model <FILE>', 'brisque: allmodel of its release (required)');
  addOption(command, '--brisque-range <FILE>', 'brisque: allrange of its release (required)');
  addOption(command, '--clip <WEIGHTS>', 'clip-iqa, sfd-iqa: CLIP (default: RN50)');
  addOption(command, '--backbone <WEIGHTS>', "sfd-iqa: instead of CLIP (default: the run's)");
  addOption(command, '--good <TEXT>', 'clip-iqa: prompt, with a --bad each (default: Good photo.)', {
    parse: collected,
  });
  addOption(command, '--bad <TEXT>', 'clip-iqa: the other prompt (default: Bad photo.)', {
    parse: collected,
  });
  addOption(command, '--judges <PATH>', 'sfd-iqa: a run of the stage sfd, or a scorer (required)');
  addOption(command, '--combine <RULE>', 'sfd-iqa: average, product, weighted or logits (default: average)', {
    choices: sfdCombinations,
  });
  addOption(command, '--feature-weight <SHARE>', 'sfd-iqa: feature share, if weighted (default: 0.5)', {
    parse: numberFrom(0, 1),
  });
  addOption(command, '--sigmoid <PLACE>', 'sfd-iqa: position or picture (default: position)', {
    choices: sigmoidPlaces,
  });
  // Both forms: with the second alone, Commander would pass on `true` where nothing was typed.
  addOption(command, '--standardise', 'sfd-iqa: standardise (default: if the scorer can)');
  addOption(command, '--no-standardise', 'sfd-iqa: do not standardise');
  return addOption(
    command,
    '--long-side <PIXELS>',
    'clip-iqa, sfd-iqa: reduce to this, or full (default: 1024)',
    { parse: longSideIn },
  );
}

/** A number of pixels, or `full`. */
export function longSideIn(text: string): number | 'full' {
  if (text === 'full') return text;
  const number = Number(text);
  if (Number.isInteger(number)) return wholeNumber(32, 65_536)(text);
  throw new InvalidArgumentError('Expected a number of pixels, or full');
}

/** Whose option each is. */
const owners: readonly (readonly [flag: keyof MeasureFlags, measures: readonly MeasureName[]])[] = [
  ['scorer', ['revela']],
  ['niqeModel', ['niqe']],
  ['ilNiqeModel', ['il-niqe']],
  ['brisqueModel', ['brisque']],
  ['brisqueRange', ['brisque']],
  ['clip', ['clip-iqa', 'sfd-iqa']],
  ['backbone', ['sfd-iqa']],
  ['good', ['clip-iqa']],
  ['bad', ['clip-iqa']],
  ['judges', ['sfd-iqa']],
  ['combine', ['sfd-iqa']],
  ['featureWeight', ['sfd-iqa']],
  ['sigmoid', ['sfd-iqa']],
  ['standardise', ['sfd-iqa']],
  ['longSide', ['clip-iqa', 'sfd-iqa']],
];

/** The model of the store that a measure takes where no option names one. */
const usual = { clip: 'RN50', ilNiqe: 'il-niqe' } as const;

/**
 * The library's options of the measures that are used: names of models become their files.
 *
 * @throws RevelaError for options that no measure in use looks at, and for models that are not here, with the command that
 *   gets them
 */
export async function measureOptions(
  flags: MeasureFlags,
  metrics: readonly MeasureName[],
  context: Pick<Context, 'modelFolder'>,
): Promise<MeasureOptions> {
  for (const [flag, names] of owners)
    if (flags[flag] !== undefined && !names.some((name) => metrics.includes(name)))
      throw new OptionError(
        `${optionName(flag)} is for ${names.join(' and ')}: leave it out, or add --metric ${names[0]}`,
      );
  const { judges, combine, featureWeight, sigmoid, standardise, longSide } = flags;
  const typed = { ...brisqueFiles(flags), ...promptsOf(flags) };
  // Help shows the options above, and loads no store.
  const { namedWeights } = await import('./model-store.js');
  const file = (named: string): Promise<string> => namedWeights(named, context);
  const clip = flags.clip ?? (metrics.includes('clip-iqa') ? usual.clip : undefined);
  const ilNiqe = flags.ilNiqeModel ?? (metrics.includes('il-niqe') ? usual.ilNiqe : undefined);
  return {
    ...(flags.scorer === undefined ? {} : { scorer: await file(flags.scorer) }),
    ...(flags.niqeModel === undefined ? {} : { niqeModel: await file(flags.niqeModel) }),
    ...(ilNiqe === undefined ? {} : { ilNiqeModel: await file(ilNiqe) }),
    ...(clip === undefined ? {} : { clip: await file(clip) }),
    ...(flags.backbone === undefined ? {} : { backbone: await file(flags.backbone) }),
    ...typed,
    ...present({ judges, combine, featureWeight, sigmoid, standardise, longSide }),
  };
}

function brisqueFiles({ brisqueModel: model, brisqueRange: range }: MeasureFlags): MeasureOptions {
  if (model === undefined && range === undefined) return {};
  if (model === undefined || range === undefined)
    throw new OptionError(
      'BRISQUE needs both files of its release: give --brisque-model and --brisque-range',
    );
  return { brisqueModel: { model, range } };
}

function promptsOf({ good = [], bad = [] }: MeasureFlags): MeasureOptions {
  if (good.length !== bad.length)
    throw new OptionError(
      `every --good needs a --bad: there are ${good.length} and ${bad.length}; give as many of both`,
    );
  return good.length === 0 ? {} : { pairs: good.map((text, i) => ({ good: text, bad: bad[i] ?? '' })) };
}
