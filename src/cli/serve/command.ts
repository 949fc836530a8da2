import { Command } from 'commander';
import { flag, type FlagsOf, path } from '../../options/index.js';
import { limitOptions, listeningOptions, queueOptions } from '../../serve/options.js';
import { addOptions } from '../options/add-options.js';
import { addMachineOptions, type MachineFlags } from '../options/common-options.js';

const workerOptions = {
  workersOnly: flag({
    words: 'listen nowhere: work on the jobs of services with the same --redis and --folder',
  }),
};

const tokenOptions = {
  tokens: path({ words: 'who may ask: a line NAME TOKEN each', usual: 'anyone' }),
};

/** The options of `revela serve` as typed; what was not typed is missing. */
export type ServeFlags = FlagsOf<
  typeof listeningOptions &
    typeof limitOptions &
    typeof queueOptions &
    typeof workerOptions &
    typeof tokenOptions
> &
  MachineFlags;

const examples = `
Examples:
  revela serve
  curl --data-binary @photo.jpg 'localhost:8787/v1/denoise?format=webp' -o clean.webp
  revela serve --host 0.0.0.0 --tokens tokens.txt     for other machines; a line NAME TOKEN each
  revela serve --redis redis://queue:6379 --folder /srv/revela --places 0
  revela serve --redis redis://queue:6379 --folder /srv/revela --workers-only     on each machine`;

/** `revela serve`: its options, not its work. */
export function serveCommand(run: (flags: ServeFlags) => Promise<void>): Command {
  const command = new Command('serve').description(
    'Serves denoising, enlarging, scoring, comparing and adapting over HTTP, until it is stopped. Needs Hono (npm install hono @hono/node-server); with --redis, BullMQ (npm install bullmq ioredis).',
  );
  addOptions(command, 'Listening:', { ...listeningOptions, ...tokenOptions });
  addOptions(command, 'Limits:', limitOptions);
  addOptions(command, 'Several processes and machines:', { ...queueOptions, ...workerOptions });
  addMachineOptions(command);
  return command.addHelpText('after', examples).action(run);
}
