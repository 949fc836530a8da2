import { Command } from 'commander';
import { wholeNumber } from '../options/numbers.js';

/** The options of `revela web`. */
export interface WebFlags {
  readonly port: number;
  readonly host: string;
}

/** `revela web`: its options, not its work. */
export function webCommand(run: (flags: WebFlags) => Promise<void>): Command {
  return new Command('web')
    .description(
      'Serves a page that denoises and enlarges photographs in the browser, on this machine; nothing leaves the page. Ctrl-C ends it.',
    )
    .option('--port <N>', 'the port; 0 takes any that is free', wholeNumber(0, 65_535), 8080)
    .option(
      '--host <NAME>',
      'the address to listen on; browsers give threads to pages of this machine and of https only',
      '127.0.0.1',
    )
    .addHelpText(
      'after',
      `
Examples:
  revela web
  revela web --port 3000`,
    )
    .action(run);
}
