import { describe, expect, it } from 'vitest';
import { kindOf } from '#src/api/index.js';
import { checkedSettings } from '#src/runs/described-run.js';
import { refusal } from '../weights/files.js';
import { wholeSettings } from './settings.js';

type Step = string | number;

/** The places of all leaves of a value of JSON. */
function leaves(value: unknown, place: readonly Step[] = []): readonly (readonly Step[])[] {
  if (typeof value !== 'object' || value === null) return [place];
  return Array.isArray(value)
    ? value.flatMap((entry, i) => leaves(entry, [...place, i]))
    : Object.entries(value).flatMap(([name, entry]) => leaves(entry, [...place, name]));
}

/** The value with another one at a place; without one there where that is undefined. */
function changed(value: unknown, [step, ...rest]: readonly Step[], to: unknown): unknown {
  if (step === undefined) return to;
  if (Array.isArray(value)) return value.map((entry, i) => (i === step ? changed(entry, rest, to) : entry));
  if (typeof value !== 'object' || value === null) return value;
  const fields = new Map<string, unknown>(Object.entries(value));
  fields.set(String(step), changed(fields.get(String(step)), rest, to));
  return Object.fromEntries([...fields].filter(([, entry]) => entry !== undefined));
}

const written = (place: readonly Step[]): string =>
  place.map((step, i) => (typeof step === 'number' ? `[${step}]` : i === 0 ? step : `.${step}`)).join('');

const check = (stored: unknown) => checkedSettings('runs/a', { ...Object(stored) });

describe.each(Object.entries(wholeSettings))('the settings of a %s', (kind, settings) => {
  it('are what they were', () => {
    const stored: unknown = JSON.parse(JSON.stringify(settings));
    expect(check(stored)).toEqual(settings);
    expect(kindOf(check(stored)).name).toBe(kind);
  });

  it.each(leaves(settings).map((place) => [written(place), place] as const))(
    'have no other value at %s',
    async (name, place) => {
      const line = await refusal(() => check(changed(settings, place, { wrong: true })));
      expect(line).toMatch(/^the settings of the run runs\/a are damaged \(config\.json\): /);
      // Of what may be of several types, the place of the last of them is told.
      expect(line).toContain(name.replace(/^(config|.*(?:curve|game\.betas|promptWords))[.[].*/, '$1'));
    },
  );

  it('have nothing that is not known', async () => {
    for (const place of [['strange'], ['budget', 'hours'], ['recipe', 'stages', 0, 'patches']])
      expect(await refusal(() => check(changed(settings, place, 1)))).toContain(
        `${written(place)} is no setting that this revela knows`,
      );
  });
});

it.each<[string, readonly Step[], unknown, string]>([
  ['stages that are none', ['recipe', 'stages'], [null], 'recipe.stages[0] must be an object, got null'],
  ['no stages', ['recipe', 'stages'], [], 'recipe.stages must be a list of at least 1'],
  ['pairs that are none', ['validation', 'pairs'], [null], 'validation.pairs[0] must be an object'],
  [
    'a patch of a thousand kilometres',
    ['recipe', 'stages', 0, 'patch'],
    1e9,
    'recipe.stages[0].patch must be a whole number from 2 to 2000, got 1000000000',
  ],
  ['no budget', ['budget'], undefined, 'budget must be an object, got nothing'],
  ['another kind', ['kind'], 'sculptor', 'kind must be one of denoiser, distillation, upscaler, scorer'],
  ['another network', ['architecture'], 'alexnet', 'architecture must be one of'],
  ['a network of a width below zero', ['config', 'base_ch'], -1, 'config'],
  ['a network of no width', ['config', 'base_ch'], 0, 'config makes no dbsnl: '],
  ['a network of half a module', ['config', 'base_ch'], 7.5, 'config makes no dbsnl: '],
])('refuses %s in one line', async (_, place, to, words) => {
  expect(await refusal(() => check(changed(wholeSettings.denoiser, place, to)))).toContain(words);
});
