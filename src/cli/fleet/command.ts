import { Command } from 'commander';
import { machineOptions } from '../../api/options.js';
import {
  fleetDenoiseOptions,
  fleetScoreOptions,
  fleetUpscaleOptions,
  queueOptions,
  shareListeningOptions,
  submitOptions,
  takePartOptions,
  workerOptions,
  workOptions as fleetWorkOptions,
} from '../../fleet/options.js';
import { flag, type FlagsOf, path, whole } from '../../options/index.js';
import { addOptions } from '../options/add-options.js';
import {
  addInputOption,
  jsonOptions,
  keyOptions,
  type MachineFlags,
  resultOptions,
} from '../options/common-options.js';

/** What all machines share; a folder, or what stands for one. */
const submitSharedOptions = { shared: submitOptions.shared };
const workSharedOptions = {
  shared: fleetWorkOptions.shared,
  tokenFile: path({ words: 'file with the token for the http://HOST:PORT' }),
};
const shareOptions = {
  shared: path({ value: 'FOLDER', words: 'the folder', usual: 'the current folder' }),
  ...shareListeningOptions,
  tokens: path({ words: 'who may ask: a line NAME TOKEN each', usual: 'anyone' }),
};

const taskOptions = {
  denoise: flag({ words: 'remove noise and film grain' }),
  upscale: flag({ words: 'enlarge' }),
  score: flag({ words: "score; each picture's scores are written as JSON" }),
};

const { weights, tile, ...denoising } = fleetDenoiseOptions;
const { weights: _, tile: __, denoise: clean, ...enlarging } = fleetUpscaleOptions;

/** The options of the three kinds of work, as they are typed. */
export const workOptions = {
  both: { weights, ...keyOptions, tile },
  denoise: denoising,
  /** What `revela upscale` calls `--denoise` is `--clean` here. */
  upscale: { clean: { ...clean, flag: 'clean' }, ...enlarging },
  score: fleetScoreOptions,
};

const { output: _output, ...results } = resultOptions;

const ownOptions = {
  ...{ ...queueOptions, ...submitSharedOptions, ...taskOptions, ...results, ...jsonOptions },
  output: submitOptions.output,
};

export type QueueFlags = FlagsOf<typeof queueOptions & typeof jsonOptions>;

/** The options of `revela fleet submit` as typed. */
export type SubmitFlags = FlagsOf<
  typeof ownOptions &
    typeof workOptions.both &
    typeof workOptions.denoise &
    typeof workOptions.upscale &
    typeof workOptions.score
> &
  Pick<MachineFlags, 'maxInput'>;

const endOptions = { untilEmpty: fleetWorkOptions.untilEmpty };
const { device } = machineOptions;
const workingOptions = { device, ...workerOptions, ...endOptions };
const takingPart = { device, threads: workerOptions.threads, lockSeconds: takePartOptions.lockSeconds };
export type TakePartFlags = QueueFlags & FlagsOf<typeof workSharedOptions & typeof takingPart>;
export type WorkFlags = QueueFlags & FlagsOf<typeof workSharedOptions & typeof workingOptions>;
export type ShareFlags = FlagsOf<typeof shareOptions & typeof jsonOptions>;

const watchOptions = {
  watch: flag({ words: 'tell it again and again, until Ctrl-C' }),
  failures: whole({ from: 0, to: 1e6, default: 20, words: 'how many of the failed jobs are listed' }),
};
export type StatusFlags = QueueFlags & FlagsOf<typeof watchOptions>;

const cancelOptions = { failed: flag({ words: 'forget the jobs that failed, too' }) };
export type CancelFlags = QueueFlags & FlagsOf<typeof cancelOptions>;

/** What the commands of `revela fleet` do. */
export interface FleetActions {
  submit(inputs: readonly string[], flags: SubmitFlags): Promise<void>;
  work(flags: WorkFlags): Promise<void>;
  train(flags: TakePartFlags): Promise<void>;
  share(flags: ShareFlags): Promise<void>;
  status(flags: StatusFlags): Promise<void>;
  retry(flags: QueueFlags): Promise<void>;
  cancel(flags: CancelFlags): Promise<void>;
}

/** `revela fleet`: its commands and their options, not their work. */
export function fleetCommand(actions: FleetActions): Command {
  const fleet = new Command('fleet').description(
    'Does folders of pictures, and trainings, on several machines that share a folder, by a queue in Redis; what they need may also lie in S3 or come over HTTP. Needs BullMQ (npm install bullmq ioredis); for S3 also aws4fetch.',
  );
  fleet.addCommand(submitCommand(actions));
  fleet.addCommand(workCommand(actions));
  fleet.addCommand(shareCommand(actions));
  fleet.addCommand(trainCommand(actions));
  const status = new Command('status')
    .summary('tell how the work goes')
    .description('Tells what waits, is worked on, done and failed, who works, and why jobs failed.');
  addOptions(status, 'Queue:', { ...queueOptions, ...watchOptions, ...jsonOptions });
  fleet.addCommand(
    status
      .addHelpText('after', examples('revela fleet status --redis redis://queue.lan:6379 --watch'))
      .action(actions.status),
  );
  const retry = new Command('retry')
    .summary('let failed jobs wait again')
    .description('Lets the jobs that failed wait again.');
  addOptions(retry, 'Queue:', { ...queueOptions, ...jsonOptions });
  fleet.addCommand(
    retry
      .addHelpText('after', examples('revela fleet retry --redis redis://queue.lan:6379'))
      .action(actions.retry),
  );
  const cancel = new Command('cancel')
    .summary('give up what waits')
    .description('Gives up what waits. What is worked on comes to its end, and results stay.');
  addOptions(cancel, 'Queue:', { ...queueOptions, ...cancelOptions, ...jsonOptions });
  fleet.addCommand(
    cancel
      .addHelpText('after', examples('revela fleet cancel --redis redis://queue.lan:6379'))
      .action(actions.cancel),
  );
  return fleet.addHelpText(
    'after',
    examples(
      'revela fleet submit shots/ --denoise -o clean/ --redis redis://queue.lan:6379',
      'revela fleet work --redis redis://queue.lan:6379 --shared /mnt/photos     on each machine',
      'revela fleet status --redis redis://queue.lan:6379',
    ),
  );
}

function submitCommand({ submit }: FleetActions): Command {
  const command = new Command('submit')
    .summary('put pictures into the queue')
    .description('Puts pictures into the queue; what is in it already is not there twice.')
    .argument('<PICTURE...>', 'files, folders, patterns, and lists: NAME.txt with a path a line');
  addOptions(command, 'Queue:', { ...queueOptions, ...submitSharedOptions });
  addOptions(command, 'Work, one of:', taskOptions);
  addOptions(command, 'Results:', { output: ownOptions.output, ...results });
  addOptions(command, 'Denoising and enlarging:', workOptions.both);
  addOptions(command, 'Denoising:', workOptions.denoise);
  addOptions(command, 'Enlarging:', workOptions.upscale);
  addOptions(command, 'Scoring:', workOptions.score);
  addOptions(command, 'Machine:', {});
  addInputOption(command);
  addOptions(command, undefined, jsonOptions);
  return command
    .addHelpText(
      'after',
      examples(
        'revela fleet submit shots/ --denoise -o clean/ --redis redis://queue.lan:6379',
        'revela fleet submit list.txt --upscale -s 2 -o large/ --redis redis://queue.lan:6379',
        'revela fleet submit shots/ --score -m revela,niqe -o scores/ --redis redis://queue.lan:6379',
        'revela fleet submit s3://photos/shots --denoise -o s3://photos/clean --redis redis://queue.lan:6379',
      ),
    )
    .action(submit);
}

function workCommand({ work }: FleetActions): Command {
  const command = new Command('work')
    .summary('work on what is in the queue')
    .description(
      'Works on what is in the queue, until it is stopped; then it gives back what it works on. Reads and writes nothing outside of the shared folder.',
    );
  addOptions(command, 'Queue:', { ...queueOptions, ...workSharedOptions });
  addOptions(command, 'Working:', workingOptions);
  addOptions(command, undefined, jsonOptions);
  return command
    .addHelpText(
      'after',
      examples(
        'revela fleet work --redis redis://queue.lan:6379 --shared /mnt/photos --threads 8',
        'revela fleet work --redis redis://queue.lan:6379 --shared s3://photos',
        'revela fleet work --redis redis://queue.lan:6379 --shared http://queue.lan:8788 --token-file token.txt',
      ),
    )
    .action(work);
}

function trainCommand({ train }: FleetActions): Command {
  const command = new Command('train')
    .summary('take part in trainings')
    .description(
      'Does shares of trainings that `revela train --fleet` hands out, until it is stopped; then it gives back what it works on.',
    );
  const { queue } = takePartOptions;
  addOptions(command, 'Queue:', { ...queueOptions, queue, ...workSharedOptions });
  addOptions(command, 'Working:', takingPart);
  addOptions(command, undefined, jsonOptions);
  return command
    .addHelpText(
      'after',
      examples(
        'revela fleet train --redis redis://queue.lan:6379 --shared /mnt/photos --threads 4',
        'revela fleet train --redis redis://queue.lan:6379 --shared s3://photos/trainings',
        'revela fleet train --redis redis://queue.lan:6379 --shared http://queue.lan:8788 --token-file token.txt',
      ),
    )
    .action(train);
}

function shareCommand({ share }: FleetActions): Command {
  const command = new Command('share')
    .summary('share the folder over HTTP with workers that do not have it')
    .description(
      'Shares a folder over HTTP with workers, and members of trainings, that do not have it, until it is stopped: files to who knows their hashes, and places for what was submitted or is being trained. Needs Hono (npm install hono @hono/node-server).',
    );
  addOptions(command, 'Sharing:', shareOptions);
  addOptions(command, undefined, jsonOptions);
  return command
    .addHelpText(
      'after',
      examples('revela fleet share --shared /srv/photos --host 0.0.0.0 --tokens tokens.txt'),
    )
    .action(share);
}

function examples(...lines: readonly string[]): string {
  const heading = lines.length === 1 ? 'Example' : 'Examples';
  return `\n${heading}:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
