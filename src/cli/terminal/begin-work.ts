import { OptionError } from '../../errors.js';
import type { Context } from '../context.js';
import { openScreen, type Screen } from './screen.js';

/** What a command that looks at one picture after the other works with. */
export interface Work {
  readonly screen: Screen;
  /** Is aborted by the first Ctrl-C, which is answered on the screen. */
  readonly signal: AbortSignal;
  /** Since the work began. */
  seconds(): number;
}

/**
 * Opens the screen and listens for Ctrl-C: from now on the command ends in its own way.
 *
 * @param json whether the screen is for programs
 */
export function beginWork(json: boolean, context: Context): Work {
  const begin = performance.now();
  const { signal, onRequest } = context.listenForStop();
  const screen = openScreen(context, json);
  onRequest(() => screen.note('Stopping; press Ctrl-C again to stop at once'));
  return { screen, signal, seconds: () => (performance.now() - begin) / 1000 };
}

/** @throws OptionError where a table is asked for in two forms */
export function checkTableForm({
  json,
  csv,
}: {
  readonly json?: boolean | undefined;
  readonly csv?: boolean | undefined;
}): void {
  if (json === true && csv === true)
    throw new OptionError('--json and --csv both say how the table is written: leave out one of them');
}

/** Seconds as programs are told them: to a tenth. */
export function toTenths(seconds: number): number {
  return Math.round(seconds * 10) / 10;
}
