import { disposable } from '../belongings.js';
import { muchInThread } from '../in-thread.js';
import { CLIP_STRIDE, clipStageStride } from '../networks/index.js';
import {
  type Grid,
  meanGrid,
  type QualityMap,
  type QualityMeasure,
  qualitiesOf,
  type SfdTermName,
  shownPart,
} from '../quality/index.js';
import type { Runtime } from '../runtime/index.js';
import { seatCritic, type Verdict } from './critic.js';
import type { Critic } from './critic-programs.js';
import { judgedPlanes, type LongSide } from './judged-picture.js';
import { type PictureInput, pictureNamed } from './picture-input.js';

/** A measure of quality that looks at one picture, ready on a device. */
export interface QualityScorer extends AsyncDisposable {
  readonly measure: QualityMeasure;
  /** The device in use, for people. */
  readonly device: string;
  /**
   * The score of a picture: a file, the bytes of one, or a decoded picture. It depends on the pixels alone.
   *
   * @throws RevelaError for a picture that cannot be read or judged: too small, or of one colour
   */
  score(input: PictureInput): Promise<number>;
  /** What the score is made of, by name. */
  terms(input: PictureInput): Promise<Readonly<Partial<Record<SfdTermName, number>>>>;
  /** The quality of places in [0, 1], higher is better, and the score, from one look. */
  map(input: PictureInput): Promise<QualityMap>;
  close(): Promise<void>;
}

/** What a scorer is made of. */
export interface ScorerParts {
  readonly measure: QualityMeasure;
  readonly critic: Critic;
  readonly longSide: LongSide;
  readonly tile: number;
  readonly signal?: AbortSignal;
}

/** The map of what was seen: Feat-D's, or without it what the prompts say of each square. */
function mapOf(
  { score, logits, places, down, across }: Verdict,
  { feature, promptInput }: Critic['config'],
): QualityMap {
  const grid: Grid | undefined = logits.length > 0 ? meanGrid(logits.map(qualitiesOf)) : places;
  if (grid === undefined) throw new RangeError('nothing was seen that a map could show');
  // Prompts that see a resized picture see all of it, and no padding.
  if (logits.length === 0 && promptInput === 'resized')
    return { ...grid, down: grid.rows, across: grid.columns, score };
  const stride = Math.min(CLIP_STRIDE, ...(feature?.layers ?? []).map(clipStageStride));
  const side = CLIP_STRIDE / stride;
  const size = { down: down * side, across: across * side };
  return { ...shownPart(grid, size.down, size.across), ...size, score };
}

const judgedAside = muchInThread(
  new URL('./judged-picture.js', import.meta.url),
  judgedPlanes,
  ({ picture }) => picture.data.length,
);

/** Makes a scorer of a critic; closing it closes the runtime. */
export async function scorerOf(
  runtime: Runtime,
  { measure, critic, longSide, tile, signal }: ScorerParts,
): Promise<QualityScorer> {
  const { config } = critic;
  const options = { tile, ...(signal === undefined ? {} : { signal }) };
  const seated = await seatCritic(runtime, critic, options);
  const judge = async (input: PictureInput, places: boolean): Promise<Verdict> => {
    const named = await pictureNamed(input);
    return seated.judge(await judgedAside(named, measure, longSide), places);
  };
  return disposable({
    measure,
    device: runtime.description,
    score: async (input: PictureInput) => (await judge(input, false)).score,
    terms: async (input: PictureInput) => (await judge(input, false)).terms,
    map: async (input: PictureInput) => mapOf(await judge(input, config.feature === undefined), config),
    async close() {
      await seated.close();
      await runtime.close();
    },
  });
}
