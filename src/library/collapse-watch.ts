import type { StepReport } from '../training/index.js';

/** Over how many steps a training must go wrong before it is said. */
const WINDOW = 200;

/** A discriminator that is right so often has won. */
const WON = 0.995;

/** The share of verdicts that may be saturated. */
const MOSTLY = 0.5;

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
      `The discriminator ${name} is right in ${(100 * mean).toFixed(1)} % of its verdicts: the generator learns little from it; lower --discriminator-rate`,
  },
  {
    ending: 'Accuracy',
    wrong: (mean) => mean < 0.5,
    advice: (name, mean) =>
      `The discriminator ${name} is right in ${(100 * mean).toFixed(1)} % of its verdicts, which is guessing: raise --discriminator-rate, or choose other --feature-layers`,
  },
  {
    ending: 'Saturation',
    wrong: (mean) => mean > MOSTLY,
    advice: (name, mean) =>
      `${(100 * mean).toFixed(0)} % of the verdicts of the discriminator ${name} are saturated: its slope is flat there; for prompts lower --prompt-scale`,
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
