import { disposable } from '../belongings.js';
import { OptionError, type RevelaError } from '../errors.js';
import { expectPath, type OptionNames, refuseUnknownOptions } from '../known-options.js';
import { muchInThread } from '../in-thread.js';
import { present } from '../present.js';
import {
  arrived,
  describePicture,
  findRangeFactor,
  type HeldPicture,
  holdPicture,
  isFile,
  multiplied,
  type Picture,
  type PictureInput,
  pictureOf,
} from '../images/index.js';
import {
  type AntonymPair,
  type BrisqueModel,
  brisque,
  type IlNiqeModel,
  ilNiqe,
  type NiqeModel,
  type PlanarPicture,
  niqe,
  type QualityMap,
  type QualityMeasure,
  readBrisqueModel,
  readIlNiqeModel,
  readNiqeModel,
} from '../quality/index.js';
import { modelPath } from '../weights/index.js';
import { clipIqaFor, type PromptText } from './clip-iqa/clip-iqa.js';
import type { LongSide } from './critic/judged-picture.js';
import {
  type CallOptions,
  callOf,
  deviceOptions,
  type DeviceOptions,
  fairQueue,
  outcomes,
  stopping,
} from '../apply/index.js';
import { type MeasureName, measures } from './measures.js';
import { type PictureQuality, scorerFor } from './scorer/open-scorer.js';
import { type ScorerWeights, shippedNiqePath } from '../models/index.js';
import { sfdIqaFor } from './sfd-iqa/sfd-iqa.js';
import type { SfdRuleOptions } from './sfd-iqa/sfd-rule-options.js';

/** The two files of BRISQUE's release, by the names that they have in it. */
export interface BrisqueFiles {
  /** The regression: `allmodel`. */
  readonly model: string;
  /** How features are scaled: `allrange`. */
  readonly range: string;
}

/**
 * Options of {@link openMeasure}: what measures are made of. A measure does not look at those of others. Files of models may
 * be given, or what was read from them.
 */
export interface MeasureOptions extends DeviceOptions, SfdRuleOptions {
  /** `revela`: another scorer than the one that the package ships. */
  readonly scorer?: string | ScorerWeights;
  /**
   * `niqe`: the model of good photographs. Default: the package's own, which is not the original's; for scores as they are
   * published give `niqe_pris_params.npz` or `modelparameters.mat`.
   */
  readonly niqeModel?: string | NiqeModel;
  /** `il-niqe`: the model of good photographs, such as `templateModel.mat`. Needed. */
  readonly ilNiqeModel?: string | IlNiqeModel;
  /** `brisque`: what it learnt from opinions. Needed. */
  readonly brisqueModel?: BrisqueFiles | BrisqueModel;
  /** `clip-iqa` and `sfd-iqa`: a CLIP with a ResNet. Needed by `clip-iqa`; of `sfd-iqa` the file that its run names by default. */
  readonly clip?: string;
  /** `sfd-iqa`: the SqueezeNet or AlexNet that its judges look through, where that is not CLIP; by default the file that its run names. */
  readonly backbone?: string;
  /** `clip-iqa`: pairs of texts for good and bad pictures. Default `Good photo.` and `Bad photo.` */
  readonly pairs?: readonly AntonymPair<PromptText>[];
  /** `sfd-iqa`: the folder of a run of the stage sfd, its `judges.safetensors`, or a scorer made of it. Needed. */
  readonly judges?: string;
  /** `clip-iqa` and `sfd-iqa`: pictures with a longer side are made smaller first. Default 1024, or what a scorer was measured at. */
  readonly longSide?: LongSide;
  /** `clip-iqa` and `sfd-iqa`: largest side of the tiles that pictures are seen in, a multiple of 32. */
  readonly tile?: number;
}

export const measureOptionNames: OptionNames<MeasureOptions> = {
  ...deviceOptions,
  ...{ scorer: true, niqeModel: true, ilNiqeModel: true, brisqueModel: true, clip: true, backbone: true },
  ...{ pairs: true, judges: true, longSide: true, tile: true },
  ...{ combine: true, featureWeight: true, sigmoid: true, standardise: true },
};

/** What came of one of many pictures: its score, or why there is none. */
export type ScoreOutcome<Input> =
  | { readonly input: Input; readonly score: number; readonly error?: undefined }
  | { readonly input: Input; readonly score?: undefined; readonly error: RevelaError };

/** A measure that judges pictures alone, ready for many of them; callers may ask at once. */
export interface OpenMeasure extends AsyncDisposable {
  /** What is to be known about it; the range is that of the options it was opened with. */
  readonly measure: QualityMeasure;
  /** The device in use, for people; left out where the measure needs none. */
  readonly device?: string;
  /**
   * The score of a picture. It depends on the pixels alone; opacity is not
   * looked at.
   *
   * @throws RevelaError, with the reason, for a picture that cannot be read or judged: too small, flat
   */
  score(picture: PictureInput, call?: CallOptions): Promise<number>;
  /** The scores of many pictures, in their order; what fails is told with its input and does not stop the others. */
  images<Input extends PictureInput>(
    inputs: Iterable<Input> | AsyncIterable<Input>,
    call?: CallOptions,
  ): AsyncGenerator<ScoreOutcome<Input>, void, undefined>;
  /** The quality of places in [0, 1], higher is better, and the score, from one look; left out where the measure has none. */
  map?(picture: PictureInput, call?: CallOptions): Promise<QualityMap>;
  /** Gives back what it holds. */
  close(): Promise<void>;
}

/**
 * Opens a measure by its name.
 *
 * @throws RevelaError for anything that the user can mend: files that a measure needs and that are missing or wrong, a wrong
 *   option, an absent device
 *
 * @example
 * await using niqe = await openMeasure('niqe', { niqeModel: 'niqe_pris_params.npz' });
 * for await (const { input, score, error } of niqe.images(paths)) console.log(input, score ?? error.message);
 */
export async function openMeasure(name: MeasureName, options: MeasureOptions = {}): Promise<OpenMeasure> {
  refuseUnknownOptions('openMeasure', options, measureOptionNames);
  return measureOf(name, options);
}

/** The same, of options that were checked, and may be those of another function. */
export async function measureOf(name: MeasureName, options: MeasureOptions): Promise<OpenMeasure> {
  const opened = await openers[name](options);
  const { map } = opened;
  const queue = fairQueue();
  // What is decoded counts, too: two pictures are looked at, and the others wait.
  const asking = async <Result>(
    what: string,
    picture: PictureInput,
    call: CallOptions,
    look: (picture: HeldPicture, call: CallOptions) => Promise<Result>,
  ): Promise<Result> => {
    const { signal } = callOf(what, call, options);
    const here = await arrived(picture, signal);
    return queue.take(async () => look(await judged(here, signal), stopping(signal)), signal);
  };
  const score = (picture: PictureInput, call: CallOptions = {}): Promise<number> =>
    asking('score', picture, call, opened.score);
  return {
    ...opened,
    score,
    images: (inputs, call) => scoreOutcomes(inputs, score, call),
    ...(map === undefined
      ? {}
      : {
          map: (picture: PictureInput, call: CallOptions = {}) => asking('map', picture, call, map),
        }),
  };
}

async function* scoreOutcomes<Input extends PictureInput>(
  inputs: Iterable<Input> | AsyncIterable<Input>,
  score: (input: Input, call: CallOptions) => Promise<number>,
  call?: CallOptions,
): AsyncGenerator<ScoreOutcome<Input>, void, undefined> {
  for await (const { input, result, error } of outcomes(inputs, score, call))
    yield error === undefined ? { input, score: result } : { input, error };
}

/** A picture as measures look at it: dark ones of 16 bits in the range of photographs. */
async function judged(given: PictureInput, signal: AbortSignal | undefined): Promise<HeldPicture> {
  const input = await holdPicture(given, signal);
  // Measures name the files that they are given, and what is wrong with one they say themselves.
  if (isFile(input) && (await describePicture(input).catch(() => undefined))?.bitDepth !== 16) return input;
  const picture = await pictureOf(input);
  const factor = await findRangeFactor(picture, 1);
  return factor === 1 ? input : await multiplied(picture, factor);
}

const qualityRoom = new URL('../quality/index.js', import.meta.url);
const numbersOf = ({ data }: PlanarPicture): number => data.length;
const niqeAside = muchInThread(qualityRoom, niqe, numbersOf);
const ilNiqeAside = muchInThread(qualityRoom, ilNiqe, numbersOf);
const brisqueAside = muchInThread(qualityRoom, brisque, numbersOf);

/** NIQE by the model that the package ships must not be taken for the original's. */
const niqeByOwnModel: QualityMeasure = {
  ...measures.niqe,
  title: "NIQE (Revela's model)",
  summary: `${measures.niqe.summary}, by a model of this package: not the published scores`,
};

/** A measure without what all of them have. */
type BareMeasure = Omit<OpenMeasure, 'images'>;

/** How each measure is opened. */
const openers: Readonly<Record<MeasureName, (options: MeasureOptions) => Promise<BareMeasure>>> = {
  async revela({ scorer: weights, ...options }) {
    const scorer = await scorerFor({ ...options, ...present({ weights }) });
    return disposable({
      measure: measures.revela,
      device: scorer.device,
      score: async (picture: PictureInput, call?: CallOptions) => (await scorer.score(picture, call)).score,
      async map(input: PictureInput, call?: CallOptions) {
        const picture = await pictureOf(input);
        return mapOf(await scorer.score(picture, call), picture);
      },
      close: () => scorer.close(),
    });
  },
  async niqe({ niqeModel }) {
    const given = niqeModel ?? shippedNiqePath();
    const model = typeof given === 'string' ? await readNiqeModel(await modelPath(given)) : given;
    const measure = niqeModel === undefined ? niqeByOwnModel : measures.niqe;
    return byNumbers(measure, (picture) => niqeAside(picture, model));
  },
  async 'il-niqe'({ ilNiqeModel }) {
    if (ilNiqeModel === undefined)
      throw new OptionError(
        'IL-NIQE needs a model of good photographs: give one with `ilNiqeModel`, templateModel.mat of its release or one of your own, by `trainIlNiqe()`',
      );
    const model =
      typeof ilNiqeModel === 'string' ? await readIlNiqeModel(await modelPath(ilNiqeModel)) : ilNiqeModel;
    return byNumbers(measures['il-niqe'], (picture) => ilNiqeAside(picture, model));
  },
  async brisque({ brisqueModel }) {
    if (brisqueModel === undefined)
      throw new OptionError(
        'BRISQUE needs what it learnt from opinions: give allmodel and allrange of its release, `brisqueModel` and `brisqueRange`',
      );
    if (typeof brisqueModel !== 'object' || !('regression' in brisqueModel)) {
      refuseUnknownOptions('brisqueModel', brisqueModel, { model: true, range: true });
      expectPath(brisqueModel.model, 'brisqueModel.model');
      expectPath(brisqueModel.range, 'brisqueModel.range');
    }
    const model =
      'range' in brisqueModel
        ? await readBrisqueModel(await modelPath(brisqueModel.model), await modelPath(brisqueModel.range))
        : brisqueModel;
    return byNumbers(measures.brisque, (picture) => brisqueAside(picture, model));
  },
  async 'clip-iqa'({ clip, ...options }) {
    if (clip === undefined)
      throw new OptionError(
        "CLIP-IQA needs a CLIP: give one with `clip`, such as RN50; `pullModel('RN50')` gets it",
      );
    return clipIqaFor({ ...options, clip });
  },
  async 'sfd-iqa'({ judges, ...options }) {
    if (judges === undefined)
      throw new OptionError(
        "SFD-IQA needs discriminators: give `judges`, the folder of a run of `trainUpscaler({ stage: 'sfd' })`, or a scorer made of one",
      );
    return sfdIqaFor({ ...options, judges });
  },
};

/** A measure that is computed number by number, without a device. */
function byNumbers(measure: QualityMeasure, compute: (picture: Picture) => Promise<number>): BareMeasure {
  return disposable({
    measure,
    score: async (input: PictureInput) => compute(await pictureOf(input)),
    async close() {},
  });
}

/** What the package's scorer says of the places of a picture, on the scale of the other measures' maps. */
function mapOf({ score, map }: PictureQuality, { width, height }: Picture): QualityMap {
  return {
    rows: map.height,
    columns: map.width,
    data: map.data.map((value) => value / 100),
    down: height / map.pixels.y,
    across: width / map.pixels.x,
    score,
  };
}
