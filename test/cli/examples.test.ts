import { readdirSync, readFileSync } from 'node:fs';
import { type Command, CommanderError } from 'commander';
import { expect, test } from 'vitest';
import { loadCommands } from '#src/cli/commands.js';
import { everyCommand, expectSuccess, revela } from './command.js';

const root = new URL('../../', import.meta.url);

/** The words of a line as a shell has them, up to where another command or a file begins. */
function wordsOf(line: string): readonly string[] {
  const words: string[] = [];
  for (const [, double, single, bare = ''] of line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)) {
    if (double === undefined && single === undefined && /^(?:[|>;&]|\d?>|#)/.test(bare)) break;
    words.push(double ?? single ?? bare.replace(/;$/, ''));
  }
  return words;
}

/** The command lines of a text that begin with `revela`, whole where they go on in the next line. */
const linesIn = (text: string): readonly string[] =>
  [...text.replace(/\\\n\s*/g, ' ').matchAll(/^\s*(?:\$ )?(?:npx )?revela ((?:\S| (?! ))+)/gm)].map(
    ([, line = '']) => line,
  );

const pages = ['README.md', ...readdirSync(new URL('docs/', root)).map((name) => `docs/${name}`)].filter(
  (page) => page.endsWith('.md'),
);

/** Of pages what is indented as code is. */
const ofPages = pages.flatMap((page) => {
  const code = readFileSync(new URL(page, root), 'utf8').match(/^ {4}.*$/gm) ?? [];
  return linesIn(code.join('\n')).map((line) => [page, line] as const);
});

const never = (): never => expect.fail('this runs nothing');
const context = {
  stdout: { write: never },
  stderr: { write: never },
  colour: false,
  modelFolder: '.',
  offline: true,
  listenForStop: never,
};

/** What is wrong with the options of a command line, without running it. */
async function complaint(line: string): Promise<string | undefined> {
  // A plug-in is named before the command, and takes the word after it.
  const [first, , ...rest] = wordsOf(line);
  const words = (first === '--plugin' ? rest : wordsOf(line)).filter(
    (word) => !['-q', '-v', '--quiet', '--verbose'].includes(word),
  );
  const commands = await loadCommands(words, context, never);
  let among: readonly Command[] = commands;
  let command: Command | undefined;
  let at = 0;
  for (; among.length > 0; at++) {
    const next = among.find((one) => one.name() === words[at]);
    if (next === undefined) break;
    command = next;
    among = next.commands;
  }
  // Some commands that have others do something by themselves.
  if (command === undefined || (among.length > 0 && words[at] !== undefined)) {
    const asks = words.every((word) => /^(?:help|--?[hV]\w*|COMMAND|--version)$/.test(word));
    return asks ? undefined : `no command ${words.slice(0, at + 1).join(' ')}`;
  }
  try {
    command.exitOverride().configureOutput({ outputError: () => {} });
    const { unknown } = command.parseOptions(words.slice(at));
    const strange = unknown.filter((word) => word.startsWith('-') && !/^--?h(?:elp)?$|^-$/.test(word));
    return strange.length > 0 ? `no option ${strange.join(' ')}` : undefined;
  } catch (error) {
    if (error instanceof CommanderError) return error.message;
    throw error;
  }
}

test('there are command lines in the pages', () => {
  expect(ofPages.length).toBeGreaterThan(60);
});

test('the options of the command lines of all pages exist, and take what they are given', async () => {
  const wrong: string[] = [];
  for (const [page, line] of ofPages) {
    const said = await complaint(line);
    if (said !== undefined) wrong.push(`${page}: revela ${line}: ${said}`);
  }
  expect(wrong).toEqual([]);
});

test.each(everyCommand)('so do those of the examples in the help of %s', async (name) => {
  const { stdout } = await expectSuccess(revela([...name.split(' '), '--help']));
  const [, examples = ''] = stdout.split(/^Examples?:$/m);
  for (const line of linesIn(examples)) expect(await complaint(line), line).toBeUndefined();
});
