import { disposable } from '../../belongings.js';
import {
  holdPicture,
  isFile,
  type PictureInput,
  rasterOf,
  readRaster,
  pictureOf,
} from '../../images/index.js';
import { type CallOptions, callOf, deviceOptions, openDevice, inTurns } from '../../apply/index.js';
import { checked, type OptionsOf } from '../../options/index.js';
import { openJudge, type PictureQuality } from './judge-picture.js';
import { scorerOption } from './scorer-option.js';
import { checkTask, loadScorerWeights, shippedScorerPath } from '../../models/index.js';

export type { PictureQuality } from './judge-picture.js';

const scorerOptions = {
  ...deviceOptions,
  /** A file, or what was read from one. Default: the scorer that the package ships. */
  weights: scorerOption,
};

/** Options of {@link openScorer}. */
export interface ScorerOptions extends OptionsOf<typeof scorerOptions> {}

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
  return scorerFor(checked('openScorer', scorerOptions, options));
}

/** The same, of options that were checked, and may be those of another function. */
export async function scorerFor(options: ScorerOptions): Promise<Scorer> {
  const { weights: given = shippedScorerPath() } = options;
  const weights = typeof given === 'string' ? await loadScorerWeights(given) : given;
  checkTask(weights, 'score');
  const runtime = await openDevice(options);
  const judge = openJudge(runtime, weights);
  const turns = inTurns();
  const judged = async (input: PictureInput, signal: AbortSignal | undefined): Promise<PictureQuality> => {
    signal?.throwIfAborted();
    const held = await holdPicture(input, signal);
    const picture = isFile(held) ? await readRaster(held) : rasterOf(await pictureOf(held));
    return judge.judge(picture, signal);
  };
  return disposable({
    device: runtime.description,
    score: async (input: PictureInput, call: CallOptions = {}) => {
      const { signal } = callOf('score', call, options);
      return turns.take(() => judged(input, signal), signal);
    },
    async close() {
      await turns.over();
      await judge.close();
      await runtime.close();
    },
  });
}
