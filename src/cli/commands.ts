import { Command } from 'commander';
import type { Context } from './context.js';

/** Tells how the command ended: with this exit code. */
export type Ended = (exitCode: number) => void;

/** A command as `revela --help` lists it, and where the rest of it is. */
interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  /** Loads the command with its options; its work is loaded when it runs. */
  load(context: Context, ended: Ended): Promise<Command>;
}

/** Every command, in the order of the help. Only the one that is meant is loaded, so that help is there at once. */
const entries: readonly CommandEntry[] = [
  {
    name: 'denoise',
    summary: 'remove noise and film grain',
    load: async (context, ended) =>
      (await import('./denoise/command.js')).denoiseCommand(async (inputs, flags) => {
        const { runDenoise } = await import('./denoise/run.js');
        const { withStreams } = await import('./pictures/streams.js');
        ended(
          await withStreams(runDenoise, inputs, flags, context, flags.preview === true ? 'png' : undefined),
        );
      }),
  },
  {
    name: 'upscale',
    summary: 'enlarge photographs',
    load: async (context, ended) =>
      (await import('./upscale/command.js')).upscaleCommand(async (inputs, flags) => {
        const { runUpscale } = await import('./upscale/run.js');
        const { withStreams } = await import('./pictures/streams.js');
        ended(await withStreams(runUpscale, inputs, flags, context));
      }),
  },
  {
    name: 'train',
    summary: 'train networks on your own pictures',
    load: async (context, ended) =>
      (await import('./train/command.js')).trainCommand(
        async (inputs, flags) => {
          const { runTrainDenoiser } = await import('./train/denoiser/run.js');
          ended(await runTrainDenoiser(inputs, flags, context));
        },
        async (inputs, flags) => {
          const { runTrainUpscaler } = await import('./train/upscaler/run.js');
          ended(await runTrainUpscaler(inputs, flags, context));
        },
        async (inputs, flags) => {
          const { runTrainScorer } = await import('./train/scorer/run.js');
          ended(await runTrainScorer(inputs, flags, context));
        },
        async (name, inputs, flags) => {
          const { runTrainNiqe } = await import('./train/niqe/run.js');
          ended(await runTrainNiqe(name, inputs, flags, context));
        },
        async (inputs, flags) => {
          const { runTrainSfdIqa } = await import('./train/sfd-iqa/run.js');
          ended(await runTrainSfdIqa(inputs, flags, context));
        },
        async (kind, kinds, flags) => {
          const { runResume } = await import('./train/run-resume.js');
          ended(await runResume(kind, kinds, flags, context));
        },
      ),
  },
  {
    name: 'distill',
    summary: 'train a small, fast network from a slow one',
    load: async (context, ended) =>
      (await import('./distill/command.js')).distillCommand(async (inputs, flags) => {
        const { runDistill } = await import('./distill/run.js');
        ended(await runDistill(inputs, flags, context));
      }),
  },
  {
    name: 'methods',
    summary: 'list the denoising methods',
    load: async (context) => {
      const { methodsCommand, runMethods } = await import('./methods/command.js');
      return methodsCommand((flags) => runMethods(flags, context));
    },
  },
  {
    name: 'evaluate',
    summary: 'measure weights and quality metrics',
    load: async (context, ended) =>
      (await import('./evaluate/command.js')).evaluateCommand(
        async (flags) => {
          const { runEvaluateDenoiser } = await import('./evaluate/run-denoiser.js');
          ended(await runEvaluateDenoiser(flags, context));
        },
        async (inputs, flags) => {
          const { runEvaluateUpscaler } = await import('./evaluate/run-upscaler.js');
          ended(await runEvaluateUpscaler(inputs, flags, context));
        },
        async (flags) => {
          const { runEvaluateQuality } = await import('./evaluate/quality/run.js');
          ended(await runEvaluateQuality(flags, context));
        },
      ),
  },
  {
    name: 'score',
    summary: 'score and rank photographs',
    load: async (context, ended) =>
      (await import('./score/command.js')).scoreCommand(async (inputs, flags) => {
        const { runScore } = await import('./score/run.js');
        ended(await runScore(inputs, flags, context));
      }),
  },
  {
    name: 'compare',
    summary: 'measure pictures against references',
    load: async (context, ended) =>
      (await import('./compare/command.js')).compareCommand(async (picture, reference, flags) => {
        const { runCompare } = await import('./compare/run.js');
        ended(await runCompare(picture, reference, flags, context));
      }),
  },
  {
    name: 'degrade',
    summary: 'downscale and degrade images, for training and tests',
    load: async (context, ended) =>
      (await import('./degrade/command.js')).degradeCommand(async (inputs, flags) => {
        const { runDegrade } = await import('./degrade/run.js');
        const { withStreams } = await import('./pictures/streams.js');
        ended(await withStreams(runDegrade, inputs, flags, context, 'png'));
      }),
  },
  {
    name: 'report',
    summary: 'compare training runs on a page',
    load: async (context, ended) =>
      (await import('./report/command.js')).reportCommand(async (runs, flags) => {
        const { runReport } = await import('./report/run.js');
        ended(await runReport(runs, flags, context));
      }),
  },
  {
    name: 'export',
    summary: 'write weights as an ONNX model',
    load: async (context, ended) =>
      (await import('./export/command.js')).exportCommand(async (weights, model, flags) => {
        const { runExport } = await import('./export/run.js');
        ended(await runExport(weights, model, flags, context));
      }),
  },
  {
    name: 'web',
    summary: 'serve a page that does it in the browser',
    load: async (context) =>
      (await import('./page/command.js')).webCommand(async (flags) => {
        const { runWeb } = await import('./page/run.js');
        await runWeb(flags, context);
      }),
  },
  {
    name: 'info',
    summary: 'describe a picture, weights, a model or a run',
    load: async (context, ended) =>
      (await import('./info/command.js')).infoCommand(async (path, flags) => {
        const { runInfo } = await import('./info/run.js');
        ended(await runInfo(path, flags, context));
      }),
  },
  {
    name: 'weights',
    summary: 'convert weights between PyTorch and safetensors',
    load: async (context, ended) =>
      (await import('./weights/command.js')).weightsCommand(async (input, output, flags) => {
        const { runConvertWeights } = await import('./weights/run.js');
        ended(await runConvertWeights(input, output, flags, context));
      }),
  },
  {
    name: 'models',
    summary: 'list, download and register published weights',
    load: async (context, ended) =>
      (await import('./models/command.js')).modelsCommand({
        list: async (flags) => {
          const { runListModels } = await import('./models/run.js');
          ended(await runListModels(flags, context));
        },
        pull: async (names, flags) => {
          const { runPullModels } = await import('./models/run-pull.js');
          ended(await runPullModels(names, flags, context));
        },
        add: async (file, flags) => {
          const { runAddModel } = await import('./models/run.js');
          ended(await runAddModel(file, flags, context));
        },
        remove: async (names, flags) => {
          const { runRemoveModels } = await import('./models/run.js');
          ended(await runRemoveModels(names, flags, context));
        },
      }),
  },
  {
    name: 'fleet',
    summary: 'do folders, and trainings, on several machines',
    load: async (context, ended) =>
      (await import('./fleet/command.js')).fleetCommand({
        async submit(inputs, flags) {
          const { runSubmit } = await import('./fleet/run-submit.js');
          ended(await runSubmit(inputs, flags, context));
        },
        async work(flags) {
          const { runWork } = await import('./fleet/run-work.js');
          ended(await runWork(flags, context));
        },
        async train(flags) {
          const { runTakePart } = await import('./fleet/run-train.js');
          ended(await runTakePart(flags, context));
        },
        async share(flags) {
          const { runShare } = await import('./fleet/run-share.js');
          ended(await runShare(flags, context));
        },
        async status(flags) {
          const { runStatus } = await import('./fleet/run-manage.js');
          ended(await runStatus(flags, context));
        },
        async retry(flags) {
          const { runRetry } = await import('./fleet/run-manage.js');
          ended(await runRetry(flags, context));
        },
        async cancel(flags) {
          const { runCancel } = await import('./fleet/run-manage.js');
          ended(await runCancel(flags, context));
        },
      }),
  },
  {
    name: 'serve',
    summary: 'restore photographs over HTTP',
    load: async (context, ended) =>
      (await import('./serve/command.js')).serveCommand(async (flags) => {
        const { runServe } = await import('./serve/run.js');
        ended(await runServe(flags, context));
      }),
  },
  {
    name: 'mcp',
    summary: 'restore photographs for an assistant',
    load: async (context, ended) =>
      (await import('./mcp/command.js')).mcpCommand(async (folders, flags) => {
        const { runMcp } = await import('./mcp/run.js');
        ended(await runMcp(folders, flags, context));
      }),
  },
  {
    name: 'doctor',
    summary: 'check this machine',
    load: async (context, ended) =>
      (await import('./info/command.js')).doctorCommand(async (flags) => {
        const { runDoctor } = await import('./info/run-doctor.js');
        ended(await runDoctor(flags, context));
      }),
  },
];

/** The commands of a command line: the one it names as it is, the others by name and summary alone. */
export async function loadCommands(
  argv: readonly string[],
  context: Context,
  ended: Ended,
): Promise<readonly Command[]> {
  const [first, second] = argv.filter((word) => !word.startsWith('-'));
  const meant = first === 'help' ? second : first;
  return Promise.all(
    entries.map(async ({ name, summary, load }) => {
      const command = name === meant ? await load(context, ended) : new Command(name);
      return command.summary(summary);
    }),
  );
}
