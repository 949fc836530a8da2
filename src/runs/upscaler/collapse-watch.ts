import type { StepReport } from '../../training/index.js';

/** Over how many steps a training must go wrong before it is said. */
const WINDOW = 200;

/** A discriminator that is right so often has won. */
const WON = 0.995;

/** The share of verdicts that may be saturated. */
const MOSTLY = 0.5;

/** A discriminator that is right no more often than this guesses. */
const GUESSING = 0.53;

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** The option that sets a discriminator's learning rate. */
const rateOption = (name: string): string => (name === 'prompt' ? '`promptRate`' : '`discriminatorRate`');

/** What else may help a discriminator that guesses. */
const otherwise = (name: string): string =>
  name === 'feature'
    ? ', or choose other `featureLayers`'
    : name === 'prompt'
      ? ', take more `promptPairs`, or `adversarialLoss` relativistic'
      : '';

/** What may go wrong with a discriminator, by the number that shows it. */
const signs: readonly {
  readonly ending: string;
  wrong(mean: number): boolean;
  readonly advice: (name: string, mean: number) => string;
}[] = [
  {
    ending: 'Accuracy',
    wrong: (mean) => mean > WON,
    advice: (name, mean) =>
      `The discriminator ${name} is right in ${percent(mean)} of its verdicts: the generator learns little from it; lower ${rateOption(name)}`,
  },
  {
    ending: 'Accuracy',
    wrong: (mean) => mean < GUESSING,
    advice: (name, mean) =>
      `The discriminator ${name} is right in ${percent(mean)} of its verdicts, which is guessing: raise ${rateOption(name)}${otherwise(name)}`,
  },
  {
    ending: 'Saturation',
    wrong: (mean) => mean > MOSTLY,
    advice: (name, mean) =>
      `${percent(mean)} of the verdicts of the discriminator ${name} are saturated: its slope is flat there; lower ${name === 'prompt' ? '`promptScale`, or `promptLossScale` alone' : rateOption(name)}`,
  },
];

/**
 * Watches an adversarial training for signs of a collapse, by the means of its numbers over the last 200 steps: each sign is
 * told once, and again when it comes back after it had gone.
 *
 * @returns gives a line for people, or undefined while all is well
 */
export function collapseWatch(): (report: Pick<StepReport, 'numbers'>) => string | undefined {
  const recent = new Map<string, number[]>();
  const told = new Set<string>();
  return ({ numbers = {} }) => {
    const messages: string[] = [];
    for (const [key, value] of Object.entries(numbers)) {
      const list = recent.get(key) ?? [];
      recent.set(key, list);
      list.push(value);
      if (list.length > WINDOW) list.shift();
      if (list.length < WINDOW) continue;
      const mean = list.reduce((sum, x) => sum + x, 0) / WINDOW;
      for (const [index, { ending, wrong, advice }] of signs.entries()) {
        if (!key.endsWith(ending)) continue;
        const sign = `${index} ${key}`;
        if (!wrong(mean)) told.delete(sign);
        else if (!told.has(sign)) {
          told.add(sign);
          messages.push(advice(key.slice(0, -ending.length), mean));
        }
      }
    }
    return messages.length === 0 ? undefined : messages.join('; ');
  };
}
