import { Command, CommanderError } from 'commander';
import { packageVersion } from '../package-version.js';
import { flag, path } from '../options/index.js';
import { printableJson } from '../printable.js';
import { loadCommands } from './commands.js';
import type { Context } from './context.js';
import { addOptions } from './options/add-options.js';
import { type Failure, failureOf, UsageError } from './terminal/failure.js';

/** The options of every command. */
const programOptions = {
  quiet: flag({ short: 'q', words: 'show errors only' }),
  verbose: flag({ short: 'v', words: 'show where errors come from' }),
  plugin: path({ words: 'load methods from a file of JavaScript, which is run' }),
};

/** The program and how its last action ended. */
interface Program {
  readonly command: Command;
  exitCode: number;
  /** Whether only errors are shown. */
  quiet: boolean;
  /** Whether errors come with their stack. */
  verbose: boolean;
  /** The command whose options were parsed or that ran, such as `revela denoise`. */
  current: string;
}

/**
 * Runs a command line and shows how it failed, where it did, in one line.
 *
 * @param argv what was typed after `revela`
 * @param debug whether to show the stack of an error too
 * @returns the exit code
 */
export async function runCommandLine(
  argv: readonly string[],
  context: Context,
  debug: boolean,
): Promise<number> {
  let program: Program | undefined;
  try {
    const { plugIns, rest } = withoutPlugIns(argv);
    // Before the commands, whose options and help name the methods.
    for (const path of plugIns) await (await import('../api/index.js')).loadPlugIn(path);
    program = await createProgram(rest, context);
    await program.command.parseAsync([...rest], { from: 'user' });
    return program.exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0; // it showed a help or the version
    const { current = 'revela', verbose = false } = program ?? {};
    const failure = failureOf(error, current, debug || verbose);
    show(failure, argv.includes('--json'), context);
    return failure.exitCode;
  }
}

/** The files that `--plugin` names, wherever it stands, and what else was typed. */
function withoutPlugIns(argv: readonly string[]): {
  readonly plugIns: readonly string[];
  readonly rest: readonly string[];
} {
  const end = argv.includes('--') ? argv.indexOf('--') : argv.length;
  const plugIns: string[] = [];
  const rest: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i] ?? '';
    const [, named] = /^--plugin=(.+)$/.exec(word) ?? [];
    if (i >= end || (word !== '--plugin' && named === undefined)) rest.push(word);
    else if (named !== undefined) plugIns.push(named);
    else {
      i += 1;
      const file = argv[i];
      if (file === undefined || i >= end) throw new UsageError('--plugin needs a file');
      plugIns.push(file);
    }
  }
  return { plugIns, rest };
}

function show({ message, exitCode, details }: Failure, json: boolean, { stdout, stderr }: Context): void {
  if (json) stdout.write(`${printableJson({ kind: 'error', message, exitCode })}\n`);
  stderr.write(`revela: ${message}\n`);
  if (details !== undefined) stderr.write(`${details}\n`);
}

/** The program with the commands that a command line needs. */
async function createProgram(argv: readonly string[], context: Context): Promise<Program> {
  const command = new Command('revela')
    .description('Removes noise and film grain from photographs, enlarges them, and scores them.')
    .version(packageVersion(), '-V, --version', 'show the version')
    .addHelpText(
      'after',
      `
Examples:
  revela denoise photo.jpg        writes photo.denoised.jpg
  revela COMMAND --help           shows the options of a command`,
    );
  addOptions(command, undefined, programOptions);
  const program: Program = { command, exitCode: 0, quiet: false, verbose: false, current: 'revela' };
  command.on('option:quiet', () => {
    program.quiet = true;
  });
  command.on('option:verbose', () => {
    program.verbose = true;
  });
  const ended = (exitCode: number): void => {
    program.exitCode = exitCode;
  };
  for (const child of await loadCommands(argv, quietable(context, program), ended)) command.addCommand(child);
  prepare(command, 'revela', program, context);
  return program;
}

/** The context of the commands: whether it is quiet is known once the options are read. */
function quietable(context: Context, program: Pick<Program, 'quiet'>): Context {
  return {
    get stdin() {
      return context.stdin;
    },
    stdout: context.stdout,
    stderr: context.stderr,
    colour: context.colour,
    offline: context.offline,
    get quiet() {
      return program.quiet;
    },
    get modelFolder() {
      return context.modelFolder;
    },
    listenForStop: () => context.listenForStop(),
  };
}

/** Gives a command and those below it our way of showing help and refusing. */
function prepare(command: Command, path: string, program: Program, context: Context): void {
  if (command.commands.length > 0)
    command.usage('COMMAND').helpCommand('help [COMMAND]', 'show the help of a command');
  command
    .helpOption('-h, --help', 'show this help')
    .configureHelp({
      subcommandTerm: (child) => (child.name() === 'help' ? 'help [COMMAND]' : child.name()),
      // Choices stand in the descriptions, in front of the default.
      optionDescription: ({ description }) => description,
    })
    .configureOutput({
      writeOut: (text) => void context.stdout.write(text),
      writeErr: (text) => void context.stderr.write(text),
      outputError: () => {}, // it is shown with the exit code, in one place
    })
    .exitOverride((error) => {
      program.current = path;
      throw refusal(error);
    })
    .hook('preAction', () => {
      program.current = path;
    });
  for (const child of command.commands) prepare(child, `${path} ${child.name()}`, program, context);
}

function refusal(error: CommanderError): Error {
  if (error.exitCode === 0) return error;
  if (error.code === 'commander.help') return new UsageError('choose a command');
  // Commander writes a suggestion on a line of its own.
  return new UsageError(error.message.replace(/^error: |\.$/g, '').replace(/\s*\n\s*/g, ' '));
}
