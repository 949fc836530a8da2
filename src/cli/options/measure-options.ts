import { type Command, InvalidArgumentError } from 'commander';
import { type OptionForm, type OwnedOption, scoringOptions } from '../../api/choices.js';
import type { MeasureOptions } from '../../api/index.js';
import { OptionError } from '../../errors.js';
import type { Context } from '../context.js';
import { optionName } from '../terminal/wording.js';
import { collected } from './collected.js';
import { numberFrom, wholeNumber } from './numbers.js';
import { addOption } from './options.js';

/** Adds the options of measures, as their tables have them; by default of those that judge pictures alone. */
export function addMeasureOptions(
  command: Command,
  options: readonly OwnedOption[] = scoringOptions,
): Command {
  const shown = options.filter(({ option }) => option.hidden !== true);
  if (shown.length > 0) command.optionsGroup('Options of single metrics:');
  for (const owned of shown) addMeasureOption(command, owned);
  return command;
}

function addMeasureOption(command: Command, { name, option, owners }: OwnedOption): void {
  const { form, words, placeholder, usual } = option;
  const flag = optionName(name);
  const told = (text: string): string => `${owners.join(', ')}: ${text}`;
  const whole = told(`${words} (${usual === 'required' ? usual : `default: ${usual}`})`);
  if (form.kind === 'pairs') {
    addOption(command, `--good <${placeholder}>`, told(form.good), { parse: collected });
    addOption(command, `--bad <${placeholder}>`, told(form.bad), { parse: collected });
  } else if (form.kind === 'switch') {
    // Both forms: with the second alone, Commander would pass on `true` where nothing was typed.
    addOption(command, flag, whole);
    addOption(command, flag.replace('--', '--no-'), told(`do not ${words}`));
  } else addOption(command, `${flag} <${placeholder}>`, whole, reading(form));
}

/** How the value of an option is read. */
function reading(form: OptionForm): Parameters<typeof addOption>[3] {
  if (form.kind === 'choice') return { choices: form.choices };
  if (form.kind === 'number') return { parse: numberFrom(form.least, form.most) };
  return form.kind === 'pixels' ? { parse: pixelsIn(form) } : {};
}

/** Reads a number of pixels, or the word that stands for all of them. */
export const pixelsIn =
  ({ least, word }: { readonly least: number; readonly word?: string }) =>
  (text: string): number | string => {
    if (text === word) return text;
    if (Number.isInteger(Number(text))) return wholeNumber(least, 65_536)(text);
    throw new InvalidArgumentError(`Expected a number of pixels${word === undefined ? '' : `, or ${word}`}`);
  };

/**
 * The library's options of the measures that are used: names of models become their files.
 *
 * @param flags all that was typed; what no table has is not looked at
 * @throws RevelaError for options that no measure in use looks at, and for models that are not here, with the command that
 *   gets them
 */
export function measureOptions(
  flags: object,
  metrics: readonly string[],
  context: Pick<Context, 'modelFolder'>,
  options?: readonly OwnedOption[],
): Promise<MeasureOptions>;
// The tables, of which the type of the result is made, say what each value is.
export async function measureOptions(
  flags: object,
  metrics: readonly string[],
  context: Pick<Context, 'modelFolder'>,
  options: readonly OwnedOption[] = scoringOptions,
): Promise<object> {
  // Help shows the options above, and loads no store.
  const { namedWeights } = await import('./model-store.js');
  const typed = new Map<string, unknown>(Object.entries(flags));
  const given: Record<string, unknown> = {};
  for (const { name, option, owners } of options) {
    const pairs = option.form.kind === 'pairs';
    const keys = (pairs ? ['good', 'bad'] : [name]).filter((key) => typed.get(key) !== undefined);
    const [key] = keys;
    if (key === undefined) continue;
    if (!owners.some((owner) => metrics.includes(owner)))
      throw new OptionError(
        `${optionName(key)} is for ${owners.join(' and ')}: leave it out, or add --metric ${owners[0]}`,
      );
    const value = typed.get(name);
    if (pairs) given[name] = pairsOf(typed.get('good'), typed.get('bad'));
    else
      given[name] =
        option.form.kind === 'weights' && typeof value === 'string'
          ? await namedWeights(value, context)
          : value;
  }
  return given;
}

function pairsOf(good: unknown, bad: unknown): readonly object[] {
  const [goods, bads]: readonly (readonly unknown[])[] = [good, bad].map((texts) =>
    Array.isArray(texts) ? texts : [],
  );
  if (goods?.length !== bads?.length)
    throw new OptionError(
      `every --good needs a --bad: there are ${goods?.length} and ${bads?.length}; give as many of both`,
    );
  return (goods ?? []).map((text, i) => ({ good: text, bad: bads?.[i] }));
}
