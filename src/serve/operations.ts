import { OptionError } from '../errors.js';
import {
  measureNamed,
  measureNames,
  openDenoiser,
  type Picture,
  type PictureFormat,
  type Progress,
  referenceMeasures,
} from '../api/index.js';
import {
  budgetOptions,
  encodingOptions,
  formatOptions,
  removalOptions,
  upscaleOptions,
} from '../api/options.js';
import { choice, list, number, type Options, type OptionsOf, retold, text, whole } from '../options/index.js';
import { present } from '../present.js';
import type { Engine } from './engine.js';
import type { Limits } from './options.js';
import { valuesOf } from './parameters.js';

/** Who watches a job's work, and may stop it. */
export interface Watched {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

/** A picture that was made, and how it is to be encoded. */
export interface MadePicture {
  readonly picture: Picture;
  /** Whether the pixels are others than those that came. */
  readonly changed: boolean;
  /** Default: as it came. */
  readonly format?: PictureFormat;
  readonly quality?: number;
  readonly lossless?: boolean;
}

/** What came of a job's work. */
export interface Made {
  /** The result, where that is a picture; else the facts are. */
  readonly image?: MadePicture;
  readonly facts: Readonly<Record<string, unknown>>;
  /** What it was made with, by name. */
  readonly weights: string;
  /** What computed it, for people. */
  readonly device: string;
}

/** The work of a job, its options read and checked: on files in which the pictures are. */
export type Work = (engine: Engine, files: readonly string[], watched: Watched) => Promise<Made>;

/** Something that a service does to pictures. */
export interface Operation {
  readonly summary: string;
  /** The pictures that it takes: the body, or parts of a form of these names. */
  readonly pictures: readonly ['picture'] | readonly ['picture', 'reference'];
  readonly answer: 'picture' | 'facts';
  readonly parameters: Options;
  /** @throws OptionError for options that it does not have, and values that they do not take */
  work(given: ReadonlyMap<string, string>): Work;
}

/** How much may be asked for. */
type AdaptLimits = Pick<Limits, 'adaptMinutes'>;

/** Ties an operation's options to its work. */
function operation<Known extends Options>(
  about: Pick<Operation, 'summary' | 'answer'> & Partial<Pick<Operation, 'pictures'>>,
  parameters: Known,
  work: (values: OptionsOf<Known>) => Work,
): Operation {
  return {
    pictures: ['picture'],
    ...about,
    parameters,
    work: (given) => work(valuesOf(parameters, given)),
  };
}

const result = {
  ...retold(formatOptions, { format: { usual: 'as it came' } }),
  ...retold(encodingOptions, { lossless: { usual: 'as it came' } }),
};

const { strength, luma, chroma, detail } = removalOptions;
const removal = { strength, luma, chroma, detail };

const encodingOf = ({ format, quality, lossless }: OptionsOf<typeof result>) =>
  present({ format, quality, lossless });
const removalOf = (given: OptionsOf<typeof removal>) =>
  present({ strength: given.strength, luma: given.luma, chroma: given.chroma, detail: given.detail });

const measureList = (known: readonly string[], usual: string) =>
  list(text({ words: 'a measure' }), {
    words: `measures, with commas between them: ${known.join(', ')}`,
    ...{ usual, commas: true, least: 1, expected: 'measures' },
  });

const file = ([first = '']: readonly string[]): string => first;

const denoise = operation(
  { summary: 'Removes noise and film grain from a photograph.', answer: 'picture' },
  {
    ...removal,
    weights: choice(['general', 'self-supervised'], {
      words: 'the network that denoises',
      default: 'general',
    }),
    ...result,
  },
  (values) => {
    const { weights = 'general' } = values;
    return (engine, files, watched) =>
      engine.denoiser({ ...removalOf(values), weights }, async (denoiser) => {
        const { picture, facts = {} } = await denoiser.removal(file(files), watched);
        const changed = !('removed' in facts && facts.removed === 0);
        const image = { picture, changed, ...encodingOf(values) };
        return { image, facts: { ...facts }, weights, device: denoiser.device };
      });
  },
);

const upscale = operation(
  { summary: 'Enlarges a photograph.', answer: 'picture' },
  {
    scale: upscaleOptions.scale,
    denoise: upscaleOptions.denoise,
    sharpen: upscaleOptions.sharpen,
    weights: choice(['photo', 'faithful'], { words: 'the network that enlarges', usual: 'by the picture' }),
    ...result,
  },
  (values) => {
    const { scale: asked, denoise, sharpen, weights } = values;
    const options = present({ scale: asked, denoise, sharpen, weights });
    return (engine, files, watched) =>
      engine.upscaler(options, async (upscaler) => {
        let chosen: string = values.weights ?? 'photo';
        const onProgress = (progress: Progress): void => {
          if (progress.kind === 'note') chosen = progress.weights ?? chosen;
          watched.onProgress(progress);
        };
        const picture = await upscaler.upscale(file(files), { ...watched, onProgress });
        const { scale, device } = upscaler;
        const image = { picture, changed: true, ...encodingOf(values) };
        return { image, facts: { scale }, weights: chosen, device };
      });
  },
);

const score = operation(
  { summary: 'Scores a photograph without a reference.', answer: 'facts' },
  { metric: measureList(measureNames, 'revela') },
  ({ metric = ['revela'] }) => {
    const wanted = [...new Set(metric.map(measureNamed))];
    return async (engine, files, { signal }) => {
      const devices = new Set<string>();
      const scores: Record<string, object> = {};
      for (const name of wanted)
        await engine.measure(name, async (open) => {
          const { better, range } = open.measure;
          scores[name] = { value: await open.score(file(files), { signal }), better, range };
          devices.add(open.device ?? 'CPU');
        });
      return { facts: { scores }, weights: wanted.join(', '), device: [...devices].join(', ') };
    };
  },
);

const compare = operation(
  {
    summary: 'Measures how close a picture is to a reference of the same size.',
    pictures: ['picture', 'reference'],
    answer: 'facts',
  },
  {
    metric: measureList(
      referenceMeasures.map(({ name }) => name),
      'psnr, ssim',
    ),
    border: whole({ from: 0, to: 65_536, words: 'pixels left out on every side', default: 0 }),
  },
  ({ metric, border }) => {
    const metrics = metric ?? ['psnr', 'ssim'];
    return (engine, [picture = '', reference = ''], { signal }) =>
      engine.comparison({ metrics, ...present({ border }) }, async (comparison) => {
        const compared = await comparison.compare(picture, reference, { signal });
        // JSON has no infinity.
        const scores = Object.entries(compared.scores).map(([name, value]) => [
          name,
          Number.isFinite(value) ? value : String(value),
        ]);
        return {
          facts: { ...compared, scores: Object.fromEntries(scores) },
          weights: comparison.measures.map(({ name }) => name).join(', '),
          device: comparison.device ?? 'CPU',
        };
      });
  },
);

const adapt = (limits: AdaptLimits): Operation =>
  operation(
    { summary: 'Learns the noise of a photograph first, then removes it.', answer: 'picture' },
    {
      minutes: number({
        from: 0.01,
        to: limits.adaptMinutes,
        words: 'how long to learn',
        default: limits.adaptMinutes,
      }),
      steps: budgetOptions.steps,
      seed: budgetOptions.seed,
      ...removal,
      ...result,
    },
    (values) => {
      const { minutes = limits.adaptMinutes, steps, seed } = values;
      if (values.strength === 0)
        throw new OptionError('with `strength` 0 nothing is removed, so that nothing is to be learnt');
      return async ({ options }, files, watched) => {
        let learnt = false;
        const onProgress = (progress: Progress): void => {
          if (progress.kind === 'denoised') learnt = progress.learnt;
          watched.onProgress(progress);
        };
        await using denoiser = await openDenoiser({
          ...options,
          ...removalOf(values),
          ...present({ steps, seed }),
          ...{ minutes, adapt: true, learnFrom: [file(files)], signal: watched.signal, onProgress },
        });
        const { picture, facts = {} } = await denoiser.removal(file(files), { ...watched, onProgress });
        const changed = !('removed' in facts && facts.removed === 0);
        return {
          image: { picture, changed, ...encodingOf(values) },
          facts: { ...facts, learnt },
          weights: learnt ? 'general, adapted to this picture' : 'general',
          device: denoiser.device,
        };
      };
    },
  );

export type Operations = Readonly<Record<string, Operation>>;

/** What a service does, by name. */
export const operationsFor = (limits: AdaptLimits): Operations => ({
  ...{ denoise, upscale, score, compare },
  adapt: adapt(limits),
});
