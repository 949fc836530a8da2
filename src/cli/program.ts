import { Command, CommanderError } from 'commander';
import type { Context } from './context.js';
import { denoiseCommand } from './denoise-command.js';
import { evaluateCommand } from './evaluate-command.js';
import { exportCommand } from './export-command.js';
import { type Failure, failureOf, UsageError } from './failure.js';
import { distillCommand } from './distill-command.js';
import { doctorCommand, infoCommand } from './info-command.js';
import { methodsCommand, runMethods } from './methods-command.js';
import { packageVersion } from '../package-version.js';
import { reportCommand } from './report-command.js';
import { trainCommand } from './train-command.js';
import { weightsCommand } from './weights-command.js';

/** The program and how its last action ended. */
interface Program {
  readonly command: Command;
  exitCode: number;
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
  const program = createProgram(context);
  try {
    await program.command.parseAsync([...argv], { from: 'user' });
    return program.exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0; // it showed a help or the version
    const failure = failureOf(error, program.current, debug);
    show(failure, argv.includes('--json'), context);
    return failure.exitCode;
  }
}

function show({ message, exitCode, details }: Failure, json: boolean, { stdout, stderr }: Context): void {
  if (json) stdout.write(`${JSON.stringify({ kind: 'error', message, exitCode })}\n`);
  stderr.write(`revela: ${message}\n`);
  if (details !== undefined) stderr.write(`${details}\n`);
}

/** The commands. What they need is loaded when they run, so that help is there at once. */
function createProgram(context: Context): Program {
  const command = new Command('revela')
    .description(
      'Removes real camera noise from photographs by learning from the noisy photographs themselves.',
    )
    .version(packageVersion(), '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show this help')
    .helpCommand('help [COMMAND]', 'show the help of a command')
    .addHelpText(
      'after',
      `
Example:
  revela denoise photo.jpg        writes the denoised picture beside it, as photo.denoised.jpg

\`revela COMMAND --help\` shows the options of a command.`,
    );
  const program: Program = { command, exitCode: 0, current: 'revela' };
  command.addCommand(
    denoiseCommand(async (inputs, flags) => {
      const { runDenoise } = await import('./run-denoise.js');
      program.exitCode = await runDenoise(inputs, flags, context);
    }),
  );
  command.addCommand(
    trainCommand(async (inputs, flags) => {
      const { runTrainDenoiser } = await import('./run-train-denoiser.js');
      program.exitCode = await runTrainDenoiser(inputs, flags, context);
    }),
  );
  command.addCommand(
    distillCommand(async (inputs, flags) => {
      const { runDistill } = await import('./run-distill.js');
      program.exitCode = await runDistill(inputs, flags, context);
    }),
  );
  command.addCommand(methodsCommand((flags) => runMethods(flags, context)));
  command.addCommand(
    evaluateCommand(async (flags) => {
      const { runEvaluateDenoiser } = await import('./run-evaluate-denoiser.js');
      program.exitCode = await runEvaluateDenoiser(flags, context);
    }),
  );
  command.addCommand(
    reportCommand(async (runs, flags) => {
      const { runReport } = await import('./run-report.js');
      program.exitCode = await runReport(runs, flags, context);
    }),
  );
  command.addCommand(
    exportCommand(async (weights, model, flags) => {
      const { runExport } = await import('./run-export.js');
      program.exitCode = await runExport(weights, model, flags, context);
    }),
  );
  command.addCommand(
    infoCommand(async (path, flags) => {
      const { runInfo } = await import('./run-info.js');
      program.exitCode = await runInfo(path, flags, context);
    }),
  );
  command.addCommand(
    weightsCommand(async (input, output, flags) => {
      const { runConvertWeights } = await import('./run-convert-weights.js');
      program.exitCode = await runConvertWeights(input, output, flags, context);
    }),
  );
  command.addCommand(
    doctorCommand(async (flags) => {
      const { runDoctor } = await import('./run-doctor.js');
      program.exitCode = await runDoctor(flags, context);
    }),
  );
  prepare(command, 'revela', program, context);
  return program;
}

/** Gives a command and those below it our way of showing help and refusing. */
function prepare(command: Command, path: string, program: Program, context: Context): void {
  command
    .helpOption('-h, --help', 'show this help')
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
