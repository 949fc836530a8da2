import { disposable } from '../../belongings.js';
import { RevelaError } from '../../errors.js';
import { muchInThread } from '../../in-thread.js';
import { present } from '../../present.js';
import { CLIP_STRIDE, clipStageNamed, clipStageStride } from '../../networks/index.js';
import {
  type Grid,
  meanGrid,
  type QualityMap,
  type QualityMeasure,
  qualitiesOf,
  type SfdTermName,
  shownPart,
} from '../../quality/index.js';
import type { Runtime } from '../../runtime/index.js';
import { seatCritic, type Verdict } from './critic.js';
import type { Critic } from './critic-programs.js';
import { judgedPlanes } from './judged-picture.js';
import type { LongSide } from './long-side.js';
import { type SemanticCritic, seatSemanticCritic } from './semantic-critic.js';
import { type CallOptions, callOf } from '../../apply/index.js';
import { holdPicture, type PictureInput, pictureNamed } from '../../images/index.js';

/** A measure that looks at pictures through CLIP or another backbone, ready on a device. */
export interface OpenCritic extends AsyncDisposable {
  readonly measure: QualityMeasure;
  /** The device in use, for people. */
  readonly device: string;
  /**
   * The score of a picture. It depends on the pixels alone.
   *
   * @throws RevelaError for a picture that cannot be read or judged: too small, or of one colour
   */
  score(input: PictureInput, call?: CallOptions): Promise<number>;
  /** What the score is made of, by name. */
  terms(input: PictureInput, call?: CallOptions): Promise<Readonly<Partial<Record<SfdTermName, number>>>>;
  /** The quality of places in [0, 1], higher is better, and the score, from one look. */
  map(input: PictureInput, call?: CallOptions): Promise<QualityMap>;
  close(): Promise<void>;
}

/** What such a measure is made of. */
export interface CriticParts {
  readonly measure: QualityMeasure;
  readonly critic: Critic | SemanticCritic;
  readonly longSide: LongSide;
  readonly tile: number;
  readonly signal?: AbortSignal;
}

/** The map of what was seen: Feat-D's, or without it what the prompts say of each square. */
function mapOf(
  { score, logits, places, shown, down, across }: Verdict,
  { feature, promptInput }: Partial<Critic['config']>,
): QualityMap {
  if (shown !== undefined) return { ...shown, down, across, score };
  const grid: Grid | undefined = logits.length > 0 ? meanGrid(logits.map(qualitiesOf)) : places;
  if (grid === undefined)
    throw new RevelaError('pairs of vectors judge whole pictures: a map needs the discriminator feature');
  // Prompts that see a resized picture see all of it, and no padding.
  if (logits.length === 0 && promptInput === 'resized')
    return { ...grid, down: grid.rows, across: grid.columns, score };
  const stride = Math.min(
    CLIP_STRIDE,
    ...(feature?.layers ?? []).map((layer) => clipStageStride(clipStageNamed(layer))),
  );
  const side = CLIP_STRIDE / stride;
  const size = { down: down * side, across: across * side };
  return { ...shownPart(grid, size.down, size.across), ...size, score };
}

const judgedAside = muchInThread(
  new URL('./judged-picture.js', import.meta.url),
  judgedPlanes,
  ({ picture }) => picture.data.length,
);

/** Makes a measure of a critic; closing it closes the runtime. */
export async function criticMeasure(
  runtime: Runtime,
  { measure, critic, longSide, tile, signal }: CriticParts,
): Promise<OpenCritic> {
  const options = { tile, ...present({ signal }) };
  const [seated, config] =
    'look' in critic
      ? [await seatSemanticCritic(runtime, critic, options), {}]
      : [await seatCritic(runtime, critic, options), critic.config];
  const places = !('look' in critic) && critic.config.feature === undefined;
  const judge = async (
    input: PictureInput,
    everywhere: boolean,
    call: CallOptions = {},
  ): Promise<Verdict> => {
    const heard = callOf('score', call, options);
    const named = await pictureNamed(await holdPicture(input, heard.signal));
    return seated.judge(await judgedAside(named, measure, longSide), everywhere, heard.signal);
  };
  return disposable({
    measure,
    device: runtime.description,
    score: async (input: PictureInput, call?: CallOptions) => (await judge(input, false, call)).score,
    terms: async (input: PictureInput, call?: CallOptions) => (await judge(input, false, call)).terms,
    map: async (input: PictureInput, call?: CallOptions) => mapOf(await judge(input, places, call), config),
    async close() {
      await seated.close();
      await runtime.close();
    },
  });
}
