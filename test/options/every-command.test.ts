import { readdirSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { loadCommands } from '#src/cli/commands.js';
import { DeclaredFlag } from '#src/cli/options/add-options.js';

const stream = { write: () => true };
const context = {
  ...{ stdout: stream, stderr: stream, colour: false, offline: true, modelFolder: '.' },
  listenForStop: () => expect.fail('this runs nothing'),
};

/** A command and those below it. */
const withChildren = (command: Command): readonly Command[] => [
  command,
  ...command.commands.flatMap(withChildren),
];

/** The sources in which something stands. */
function sourcesWith(pattern: RegExp): readonly string[] {
  const folder = new URL('../../src/', import.meta.url);
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && pattern.test(readFileSync(new URL(name, folder), 'utf8')),
  );
}

test('the options of all functions are checked in one place', () => {
  expect(sourcesWith(/has no option/)).toEqual(['options/check.ts']);
});

test('every option of every command is declared, and by nothing but its declaration', async () => {
  const names = (await loadCommands([], context, () => {})).map((command) => command.name());
  const loaded = await Promise.all(names.map((name) => loadCommands([name], context, () => {})));
  const commands = loaded.flatMap((ones, i) =>
    ones.filter((one) => one.name() === names[i]).flatMap(withChildren),
  );
  const options = commands.flatMap((command) =>
    command.options.map((option) => ({ option, place: `${command.name()} ${option.flags}` })),
  );
  expect(options.length).toBeGreaterThan(400);
  expect(options.filter(({ option }) => !(option instanceof DeclaredFlag)).map(({ place }) => place)).toEqual(
    [],
  );

  expect(sourcesWith(/\.(?:required)?[oO]ption\(\s*'-/)).toEqual([]);
});
