import { inspect } from 'node:util';
import { OptionError, RevelaError } from '../../errors.js';
import { printable } from '../../printable.js';
import { inCommandWords } from './command-words.js';
import { Stopped } from './stop.js';

/** The exit codes of the command, besides 0 and those of signals; `gate` says that a picture is not as good as was asked for. */
export const exitCodes = { failure: 1, usage: 2, gate: 3 } as const;

/** Wrong usage: something that the command line itself shows. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** How a command that failed ends. */
export interface Failure {
  /** One line. */
  readonly message: string;
  readonly exitCode: number;
  /** The stack, where the user asked for it. */
  readonly details?: string;
}

/**
 * @param command the command that failed, such as `revela denoise`, whose help shows its options
 * @param debug whether to give the stack
 */
export function failureOf(error: unknown, command: string, debug: boolean): Failure {
  const details = debug ? { details: inspect(error).split('\n').map(printable).join('\n') } : {};
  const message = (error instanceof Error ? error.message : String(error)).trim();
  const text = printable(error instanceof RevelaError ? inCommandWords(message) : message);
  if (error instanceof UsageError || error instanceof OptionError)
    return { message: `${text}; see ${command} --help`, exitCode: exitCodes.usage, ...details };
  if (error instanceof Stopped) return { message: text, exitCode: error.exitCode, ...details };
  if (error instanceof RevelaError) return { message: text, exitCode: exitCodes.failure, ...details };
  const hint = debug ? 'please report it' : 'set REVELA_DEBUG=1 to see where, and please report it';
  return {
    message: `this should not have happened: ${text}; ${hint}`,
    exitCode: exitCodes.failure,
    ...details,
  };
}
