import { Command } from 'commander';
import { numberFrom, positiveNumber, wholeNumber } from '../options/numbers.js';
import { addMachineOptions, addOption, type MachineFlags } from '../options/options.js';

/** The options of `revela serve` as typed; what was not typed is missing. */
export interface ServeFlags extends MachineFlags {
  readonly host?: string;
  readonly port?: number;
  readonly tokens?: string;
  readonly open?: boolean;
  readonly maxBytes?: number;
  readonly maxMegapixels?: number;
  readonly jobsPerClient?: number;
  readonly queueLength?: number;
  readonly places?: number;
  readonly transferSeconds?: number;
  readonly workSeconds?: number;
  readonly resultSeconds?: number;
  readonly storedBytes?: number;
  readonly graceSeconds?: number;
  readonly adaptMinutes?: number;
}

const examples = `
Examples:
  revela serve
  curl --data-binary @photo.jpg 'localhost:8787/v1/denoise?format=webp' -o clean.webp
  revela serve --host 0.0.0.0 --tokens tokens.txt     for other machines; a line NAME TOKEN each`;

const seconds = { parse: positiveNumber(1e6) };

/** `revela serve`: its options, not its work. */
export function serveCommand(run: (flags: ServeFlags) => Promise<void>): Command {
  const command = new Command('serve').description(
    'Serves denoising, enlarging, scoring, comparing and adapting over HTTP, until it is stopped. Needs Hono (npm install hono @hono/node-server).',
  );
  command.optionsGroup('Listening:');
  addOption(command, '--host <ADDRESS>', 'address to listen at (default: 127.0.0.1)');
  addOption(command, '-p, --port <N>', 'port; 0: any that is free (default: 8787)', {
    parse: wholeNumber(0, 65_535),
  });
  addOption(command, '--tokens <FILE>', 'who may ask: a line NAME TOKEN each (default: anyone)');
  addOption(command, '--open', 'let anyone on other machines in');

  command.optionsGroup('Limits:');
  const whole = { parse: wholeNumber(1) };
  addOption(command, '--max-bytes <N>', 'bytes of a picture (default: 100000000)', whole);
  addOption(command, '--max-megapixels <N>', 'pixels of a picture (default: 100)', {
    parse: positiveNumber(1400),
  });
  addOption(command, '--jobs-per-client <N>', 'jobs under way of one client (default: 32)', whole);
  addOption(command, '--queue-length <N>', 'jobs that wait (default: 256)', whole);
  addOption(command, '--places <N>', 'jobs that are worked on at once (default: 2)', {
    parse: wholeNumber(1, 256),
  });
  addOption(command, '--transfer-seconds <N>', 'for a request to arrive (default: 60)', seconds);
  addOption(command, '--work-seconds <N>', 'for a job (default: 600)', seconds);
  addOption(command, '--result-seconds <N>', 'that results are kept (default: 900)', seconds);
  addOption(
    command,
    '--stored-bytes <N>',
    'of pictures and results on the disk (default: 4000000000)',
    whole,
  );
  addOption(command, '--grace-seconds <N>', 'for what runs, when stopped (default: 30)', seconds);
  addOption(command, '--adapt-minutes <N>', 'of learning at most (default: 3)', {
    parse: numberFrom(0.01, 1e6),
  });
  addMachineOptions(command);
  return command.addHelpText('after', examples).action(run);
}
