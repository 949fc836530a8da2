import { Command } from 'commander';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { addOptions } from '#src/cli/options/add-options.js';
import {
  checked,
  choice,
  chosen,
  flag,
  type FlagsOf,
  given,
  list,
  number,
  type OptionsOf,
  path,
  settled,
  text,
  whole,
} from '#src/options/index.js';
import { refusal } from '../weights/files.js';

/** Options of a function that there is not. */
const group = {
  share: number({ from: 0, to: 100, default: 50, words: 'how much' }),
  rate: number({ above: 0, to: 1, value: 'RATE', words: 'how fast', usual: 'by the method' }),
  count: whole({ from: 2, words: 'how many' }),
  optimiser: choice(['adam', 'adamw'], { default: 'adam', words: 'what moves the weights' }),
  colour: flag({ words: 'in colour', usual: 'as the picture', off: 'in grey' }),
  model: path({ short: 'm', required: true, words: 'where it lies' }),
  names: list(text({ words: '' }), {
    flag: 'name',
    expected: 'names',
    commas: true,
    words: 'what it is called',
  }),
  signal: given<AbortSignal>('object', { expected: 'a signal', words: 'stops it' }),
};
const check = (options: unknown) => checked('work', group, options);

/** What a command with the group gets. */
function typed(...args: readonly string[]): FlagsOf<typeof group> {
  let flags: FlagsOf<typeof group> | undefined;
  const command = addOptions(
    new Command().exitOverride().configureOutput({ writeErr: () => {} }),
    'All:',
    group,
  );
  command.action((given: FlagsOf<typeof group>) => {
    flags = given;
  });
  command.parse(['--model', 'a.bin', ...args], { from: 'user' });
  return flags ?? expect.fail('it did not run');
}

describe('a group of options', () => {
  test('gives a type', () => {
    expectTypeOf<OptionsOf<typeof group>['share']>().toEqualTypeOf<number | undefined>();
    expectTypeOf<OptionsOf<typeof group>['model']>().toEqualTypeOf<string>();
    expectTypeOf<OptionsOf<typeof group>['optimiser']>().toEqualTypeOf<'adam' | 'adamw' | undefined>();
    expectTypeOf<OptionsOf<typeof group>['optimizer']>().toEqualTypeOf<'adam' | 'adamw' | undefined>();
    expectTypeOf<FlagsOf<typeof group>['names']>().toEqualTypeOf<readonly string[] | undefined>();
    expectTypeOf<FlagsOf<typeof group>>().not.toHaveProperty('signal');
  });

  test('gives a check, which leaves out what is undefined and spells as the British do', () => {
    const { signal } = new AbortController();
    expect(check({ model: 'a.bin', share: undefined, optimizer: 'adamw', color: false, signal })).toEqual({
      ...{ model: 'a.bin', optimiser: 'adamw', colour: false, signal },
    });
  });

  test.each<[unknown, string]>([
    [undefined, 'work takes an object of share, rate, count'],
    [{ model: 'a.bin', shares: 3 }, 'work has no option "shares"; it has share, rate'],
    [{}, '`model` must be a path, got nothing'],
    [{ model: '' }, '`model` must be a path, got ""'],
    [{ model: 'a.bin', share: 101 }, '`share` must be a number from 0 to 100, got 101'],
    [{ model: 'a.bin', share: Number.NaN }, '`share` must be a number from 0 to 100, got NaN'],
    [{ model: 'a.bin', rate: 0 }, '`rate` must be a number above 0, at most 1, got 0'],
    [{ model: 'a.bin', rate: '1' }, '`rate` must be a number above 0, at most 1, got 1'],
    [{ model: 'a.bin', count: 1 }, '`count` must be a whole number of at least 2, got 1'],
    [
      { model: 'a.bin', count: 2 ** 53 },
      '`count` must be a whole number of at least 2, got 9007199254740992',
    ],
    [{ model: 'a.bin', count: 2.5 }, '`count` must be a whole number of at least 2, got 2.5'],
    [{ model: 'a.bin', optimizer: 'sgd' }, '`optimizer` must be one of adam, adamw, got sgd'],
    [{ model: 'a.bin', colour: 1 }, '`colour` must be true or false, got 1'],
    [{ model: 'a.bin', names: 'a' }, '`names` must be a list of names, got a'],
    [{ model: 'a.bin', signal: true }, '`signal` must be a signal, got true'],
  ])('refuses %j', async (options, line) => {
    expect(await refusal(() => check(options))).toContain(line);
  });

  test('has codes', () => {
    expect(() => check({ model: 'a', share: -1 })).toThrow(
      expect.objectContaining({ code: 'ERR_OUT_OF_RANGE', option: 'share', received: -1 }),
    );
    expect(() => check({ model: 'a', colour: 1 })).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION', option: 'colour', expected: 'true or false' }),
    );
  });

  test('gives defaults', () => {
    expect(settled(group, { model: 'a.bin', count: 3 })).toEqual({
      ...{ model: 'a.bin', count: 3, share: 50, optimiser: 'adam' },
    });
  });

  test('gives flags, in both spellings', () => {
    expect(typed()).toEqual({ model: 'a.bin' });
    expect(typed('--share', '5', '--name', 'a, b', '--name', 'c', '--no-colour')).toEqual({
      ...{ model: 'a.bin', share: 5, names: ['a', 'b', 'c'], colour: false },
    });
    expect(typed('--optimizer', 'adamw', '--color')).toEqual({
      ...{ model: 'a.bin', optimiser: 'adamw', colour: true },
    });
    expect(chosen(group, { ...typed('--rate=.5'), ...{ json: true } })).toEqual({
      model: 'a.bin',
      rate: 0.5,
    });
  });

  test.each([
    [['--share', '101'], 'Expected a number from 0 to 100'],
    [['--share', '0x10'], 'Expected a number from 0 to 100'],
    [['--rate', 'fast'], 'Expected a number above 0, at most 1'],
    [['--optimiser', 'sgd'], 'Allowed choices are adam, adamw'],
  ])('refuses flags as programs are refused: %j', (args, words) => {
    expect(() => typed(...args)).toThrow(words);
  });

  test('gives the help of the command', () => {
    const help = addOptions(new Command(), 'All:', group).helpInformation().replace(/ +/g, ' ');
    for (const line of [
      '--share <N> how much (default: 50)',
      '--rate <RATE> how fast (default: by the method)',
      '--optimiser <NAME> what moves the weights: adam, adamw (default: adam)',
      '--colour in colour (default: as the picture)',
      '--no-colour in grey',
      '-m, --model <FILE> where it lies (required)',
    ])
      expect(help.replace(/\n /g, ' ')).toContain(line);
    expect(help).not.toMatch(/optimizer|signal|--color/);
  });
});
