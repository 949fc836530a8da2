import type { Command } from 'commander';
import type { OptionTable } from '../../api/choices.js';
import type { MeasureOptions } from '../../api/index.js';
import { scoringOptions } from '../../api/options.js';
import { flagOf, type Option } from '../../options/index.js';
import { OptionError } from '../../errors.js';
import type { Context } from '../context.js';
import { addOptions } from './add-options.js';

/** Adds the options of measures; by default of those that judge pictures alone. */
export function addMeasureOptions(command: Command, options: OptionTable = scoringOptions): Command {
  const isEmpty = Object.keys(options).length === 0;
  return isEmpty ? command : addOptions(command, 'Options of single metrics:', options);
}

/**
 * The library's options of the measures that are used: names of models become their files.
 *
 * @param typedFlags all that was typed; what no table has is not looked at
 * @throws RevelaError for options that no measure in use looks at, and for models that are not here, with the command that
 *   gets them
 */
export function measureOptions(
  typedFlags: object,
  metrics: readonly string[],
  context: Pick<Context, 'modelFolder'>,
  options?: OptionTable,
): Promise<MeasureOptions>;
// The tables, of which the type of the result is made, say what each value is.
export async function measureOptions(
  typedFlags: object,
  metrics: readonly string[],
  context: Pick<Context, 'modelFolder'>,
  options: OptionTable = scoringOptions,
): Promise<object> {
  // Help shows the options above, and loads no store.
  const { namedWeights } = await import('./model-store.js');
  const typed = new Map<string, unknown>(Object.entries(typedFlags));
  const given: Record<string, unknown> = {};
  for (const [name, option] of Object.entries(options)) {
    const { fields, of: owners = [], holds } = option;
    const flags: readonly (readonly [string, Option])[] =
      fields === undefined ? [[name, option]] : Object.entries(fields);
    const used = flags.find(([key]) => typed.get(key) !== undefined);
    if (used === undefined) continue;
    if (!owners.some((owner) => metrics.includes(owner)))
      throw new OptionError(
        `${flagOf(...used)} is for ${owners.join(' and ')}: leave it out, or add --metric ${owners[0]}`,
      );
    const value = typed.get(name);
    if (fields !== undefined) given[name] = rowsOf(Object.keys(fields), typed);
    else
      given[name] =
        holds === 'named' && typeof value === 'string' ? await namedWeights(value, context) : value;
  }
  return given;
}

/** The objects whose fields were typed with a flag each. */
function rowsOf(fields: readonly string[], typed: ReadonlyMap<string, unknown>): readonly object[] {
  const columns = fields.map((field): readonly unknown[] => {
    const texts = typed.get(field);
    return Array.isArray(texts) ? texts : [];
  });
  const [first = []] = columns;
  if (columns.some(({ length }) => length !== first.length))
    throw new OptionError(
      `every ${fields.map((field) => flagOf(field)).join(' needs a ')}: there are ${columns.map(({ length }) => length).join(' and ')}; give as many of both`,
    );
  return first.map((_, i) => Object.fromEntries(fields.map((field, of) => [field, columns[of]?.[i]])));
}
