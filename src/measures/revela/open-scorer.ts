import type { Planes } from '../../pixels/index.js';
import { disposable } from '../../belongings.js';
import { bindInputs } from '../../compile/index.js';
import { RevelaError } from '../../errors.js';
import { type OptionNames, refuseUnknownOptions } from '../../known-options.js';
import { muchInThread } from '../../in-thread.js';
import {
  holdPicture,
  isFile,
  type PictureInput,
  rasterOf,
  readRaster,
  pictureOf,
} from '../../images/index.js';
import { applyNetwork } from '../../nn/index.js';
import { localScores, scoreOf, scoreOfViews, scorerMaps, scorerViews } from '../../quality/index.js';
import type { Runtime } from '../../runtime/index.js';
import { grouped, type Program, trace } from '../../tensor/index.js';
import {
  type CallOptions,
  callOf,
  deviceOptions,
  type DeviceOptions,
  openDevice,
  inTurns,
} from '../../apply/index.js';
import { checkTask, loadScorerWeights, type ScorerWeights, shippedScorerPath } from '../../models/index.js';

/** Options of {@link openScorer}. */
export interface ScorerOptions extends DeviceOptions {
  /** A file, or what was read from one. Default: the scorer that the package ships. */
  readonly weights?: string | ScorerWeights;
}

const optionNames: OptionNames<ScorerOptions> = { ...deviceOptions, weights: true };

/** What a scorer says of a picture. */
export interface PictureQuality {
  /** From 0 to 100; higher is better. */
  readonly score: number;
  /** The scores of the places of the picture, row by row, each for so many pixels of it a side. */
  readonly map: {
    readonly width: number;
    readonly height: number;
    readonly data: Float32Array;
    /** Pixels of the picture that a place stands for, across and down. */
    readonly pixels: { readonly x: number; readonly y: number };
  };
}

/** A scorer that is ready for pictures of any size. */
export interface Scorer extends AsyncDisposable {
  /** The device in use, for people. */
  readonly device: string;
  /**
   * Scores one picture. Opacity is not looked at.
   *
   * @throws RevelaError, with the reason, for a picture that cannot be read or judged
   */
  score(input: PictureInput, call?: CallOptions): Promise<PictureQuality>;
  close(): Promise<void>;
}

/**
 * Opens a scorer of quality that needs no reference and has learnt from no opinion: by default the one that the package
 * ships. Scores are a property of the picture: they depend neither on other pictures nor on their order.
 *
 * @throws RevelaError for weights that cannot be read or do something else, and for an absent device
 *
 * @example
 * await using scorer = await openScorer();
 * const { score } = await scorer.score('photo.jpg'); // 71.3, of 100
 */
export async function openScorer(options: ScorerOptions = {}): Promise<Scorer> {
  refuseUnknownOptions('openScorer', options, optionNames);
  return scorerFor(options);
}

/** The same, of options that were checked, and may be those of another function. */
export async function scorerFor(options: ScorerOptions): Promise<Scorer> {
  const { weights: given = shippedScorerPath() } = options;
  const weights = typeof given === 'string' ? await loadScorerWeights(given) : given;
  checkTask(weights, 'score');
  const runtime = await openDevice(options);
  const view = viewScorer(runtime, weights);
  const turns = inTurns();
  const judged = async (input: PictureInput, signal: AbortSignal | undefined): Promise<PictureQuality> => {
    signal?.throwIfAborted();
    const held = await holdPicture(input, signal);
    const picture = isFile(held) ? await readRaster(held) : rasterOf(await pictureOf(held));
    const { multiple } = weights.description;
    const { overview, size, details } = await viewsAside(picture, multiple);
    const whole = await view.score(overview, signal);
    const parts: number[] = [];
    for (const detail of details) parts.push((await view.score(detail, signal)).score);
    const [width, height] = [overview.width / multiple, overview.height / multiple];
    const pixels = {
      x: (multiple * picture.width) / size.width,
      y: (multiple * picture.height) / size.height,
    };
    return { score: scoreOfViews(whole.score, parts), map: { width, height, data: whole.local, pixels } };
  };
  return disposable({
    device: runtime.description,
    score: async (input: PictureInput, call: CallOptions = {}) => {
      const { signal } = callOf('score', call, options);
      return turns.take(() => judged(input, signal), signal);
    },
    async close() {
      await turns.over();
      await view.close();
      await runtime.close();
    },
  });
}

const viewsAside = muchInThread(
  new URL('../../quality/index.js', import.meta.url),
  scorerViews,
  ({ samples }) => samples.length,
);

/** Scores views of any size. */
function viewScorer(runtime: Runtime, weights: ScorerWeights) {
  const { network } = weights.description;
  const shelf = runtime.shelf();
  const programFor = (height: number, width: number): Program => {
    const program = trace(({ input, inputs }) => {
      const picture = input('picture', [1, 3, height, width]);
      const maps = scorerMaps(applyNetwork(network, inputs('parameter', weights.parameters), picture));
      return { score: scoreOf(maps), local: localScores(maps) };
    });
    return bindInputs(program, grouped('parameter', weights.parameters));
  };
  return {
    async score({ height, width, data }: Planes, signal: AbortSignal | undefined) {
      const feeds = { picture: { data, shape: [1, 3, height, width], dtype: 'float32' } } as const;
      const { fetched } = await shelf.run(`${height}×${width}`, () => programFor(height, width), feeds, {
        signal,
      });
      const [score, local] = [Number(fetched['score']?.data[0] ?? Number.NaN), fetched['local']?.data];
      if (Number.isNaN(score) || !(local instanceof Float32Array))
        throw new RevelaError('the scorer produced no number (NaN); train it again or use other weights');
      return { score, local };
    },
    close: () => shelf.close(),
  };
}
