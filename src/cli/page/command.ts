import { Command } from 'commander';
import { type FlagsOf, text, whole } from '../../options/index.js';
import { addOptions } from '../options/add-options.js';

/** Where the page is served. */
export const pageOptions = {
  port: whole({ short: 'p', from: 0, to: 65_535, default: 8080, words: 'port; 0: any that is free' }),
  host: text({
    ...{ value: 'ADDRESS', default: '127.0.0.1' },
    words: 'address to listen at; browsers give threads to pages of this machine and of https only',
  }),
};

/** The options of `revela web` as typed. */
export type WebFlags = FlagsOf<typeof pageOptions>;

/** `revela web`: its options, not its work. */
export function webCommand(run: (flags: WebFlags) => Promise<void>): Command {
  const command = new Command('web').description(
    'Serves a page that denoises and enlarges photographs in the browser, on this machine; nothing leaves the page. Ctrl-C ends it.',
  );
  return addOptions(command, undefined, pageOptions)
    .addHelpText(
      'after',
      `
Examples:
  revela web
  revela web --port 3000`,
    )
    .action(run);
}
