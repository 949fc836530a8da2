import { flagOf, type Option } from '../../options/index.js';

/** Options of the library that the command calls otherwise than `--` and their name with hyphens: those of the flags that were added. */
const unusual = new Map<string, string>();

/** Remembers how an option is typed, for messages. @param option as messages name it: `lossWeights.pixel` */
export function nameFlag(option: string, facts: Pick<Option, 'flag'>): void {
  if (facts.flag !== undefined) unusual.set(option, flagOf('', facts));
}

/** The commands that do what functions of the library do. */
const commands: Readonly<Record<string, string>> = {
  denoise: 'denoise',
  upscale: 'upscale',
  score: 'score',
  distill: 'distill',
  trainDenoiser: 'train denoiser',
  trainUpscaler: 'train upscaler',
  trainIlNiqe: 'train il-niqe',
  calibrateSfdIqa: 'train sfd-iqa',
  addModel: 'models add',
  pullModel: 'models pull',
  listModels: 'models',
};

/** The flag of an option of the library. */
const typedAs = (option: string): string => unusual.get(option) ?? flagOf(option);

/** Options with values: `name: 'small', adapt: false` as `--name small --no-adapt`. */
const optionsIn = (text: string): string =>
  [...text.matchAll(/([A-Za-z][\w.]*): (?:'([^']*)'|([^\s,}]+))/g)]
    .map(([, option = '', words, value = '']) =>
      value === 'false' ? typedAs(option).replace('--', '--no-') : `${typedAs(option)} ${words ?? value}`,
    )
    .join(' ');

/** What a piece of code is in the words of the command; `undefined` where it has none. */
function commandOf(code: string): string | undefined {
  const [, limit] = /^readPicture\(.*maxMegapixels: (\d+)/.exec(code) ?? [];
  if (limit !== undefined) return `--max-input ${limit}`;
  const [, key] = /^FILE::(.+)$/.exec(code) ?? [];
  if (key !== undefined) return `--key ${key}`;
  const [, called = '', given, options = ''] = /^(\w+)\('?([^'{},]*)'?,? ?(.*)\)$/.exec(code) ?? [];
  const command = commands[called];
  if (command !== undefined)
    return ['revela', command, given, optionsIn(options)].filter((word) => word !== '').join(' ');
  if (/^[A-Za-z][\w.]*$/.test(code)) return typedAs(code);
  return /^[A-Za-z][\w.]*: \S+$/.test(code) ? optionsIn(code) : undefined;
}

/**
 * A message of the library as the command says it: options, which the library names as TypeScript does, as flags, and functions as
 * commands. This is the only place that knows both.
 *
 * @example
 * inCommandWords('`keepDetail: false` and `detail` disagree'); // '--no-keep-detail and --detail disagree'
 * inCommandWords("get it with `pullModel('RN50')`"); // 'get it with revela models pull RN50'
 */
export function inCommandWords(message: string): string {
  return message.replace(/`([^`]+)`/g, (whole, code: string) => commandOf(code) ?? whole);
}

/** The same facts with all their messages in the words of the command. */
export function factsInCommandWords<Facts extends Readonly<Record<string, unknown>>>(facts: Facts): Facts {
  const translated = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(translated);
    if (typeof value !== 'object' || value === null) return value;
    const told = 'message' in value && typeof value.message === 'string';
    return told ? { ...value, message: inCommandWords(String(value.message)) } : value;
  };
  const changed = Object.entries(facts).map(([name, value]) => [name, translated(value)]);
  return { ...facts, ...Object.fromEntries(changed) };
}
