import type { LpipsNetwork } from '../quality/anywhere.js';
import type { EngineChoice } from '../runtime/web/index.js';
import type { SentError } from '../sent-error.js';
import type { AdaptFacts, AdaptNews, AdaptSettings } from './adapt-settings.js';
import type { Layer } from './layers.js';
import type { CompareFacts, CompareSettings, ScoreFacts, ScoreSettings } from './measures.js';
import type { PageFormat } from './page-format.js';
import type { Pixels, ScreenPixels } from './page-image.js';
import type { DenoiseFacts, UpscaleFacts } from './restorer.js';
import type { EngineChange } from './workbench.js';

/** Where a page's files are, and what it computes on. */
export interface Opening {
  /** The folder of ONNX Runtime's files and the weights, an absolute address with a slash at its end. */
  readonly assets: string;
  readonly engine: EngineChoice;
  readonly threads?: number;
  /** The largest side of tiles, in pixels. */
  readonly tile?: number;
}

/** How a picture is denoised; all numbers from 0 to 100. */
export interface DenoiseSettings {
  readonly strength?: number;
  readonly luma?: number;
  readonly chroma?: number;
  readonly detail?: number;
  /** What `adapt` gave, or the bytes of any denoiser's file of weights; default: the general weights. */
  readonly weights?: Uint8Array;
}

/** How a picture is enlarged. */
export interface UpscaleSettings {
  readonly scale?: 2 | 3 | 4;
  /** Default: as is best for the picture. */
  readonly weights?: 'photo' | 'faithful';
  /**
   * How much of what the network takes away of a picture (noise, grain, the blocks of JPEG) stays away, 0 to 100; the rest is enlarged
   * by bicubic and given back. Default: 100. Where no weights are named, any value means `photo`; `faithful` does not clean.
   */
  readonly denoise?: number;
  /** How much edges and detail of the result are sharpened, without halos, 0 to 100. Default: 100 for `photo`, 0 for `faithful`. */
  readonly sharpen?: number;
}

/** How many tiles of a picture are done. */
export interface TilesDone {
  readonly tile: number;
  readonly tiles: number;
}

/** A part of the result that is there, as the network gave it. */
export interface TilePixels extends ScreenPixels, TilesDone {
  readonly x: number;
  readonly y: number;
}

/** What a verb is asked, what it answers, and what it tells meanwhile. */
interface Verb<Asked, Answer, Told = never> {
  readonly asked: Asked;
  readonly answer: Answer;
  readonly told: Told;
}

/** What the page asks of its worker. */
export interface Verbs {
  readonly open: Verb<Opening, { readonly engine: string; readonly reason: string }>;
  readonly denoise: Verb<
    { readonly image: Pixels; readonly settings: DenoiseSettings },
    { readonly image: Pixels; readonly facts: DenoiseFacts },
    TilePixels | TilesDone
  >;
  readonly layers: Verb<
    { readonly image: Pixels; readonly settings: Pick<DenoiseSettings, 'weights'> },
    { readonly layers: readonly Layer[]; readonly facts: DenoiseFacts },
    TilePixels | TilesDone
  >;
  readonly upscale: Verb<
    { readonly image: Pixels; readonly format: PageFormat; readonly settings: UpscaleSettings },
    { readonly image: Pixels; readonly facts: UpscaleFacts },
    TilePixels | TilesDone
  >;
  readonly score: Verb<{ readonly image: Pixels; readonly settings: ScoreSettings }, ScoreFacts>;
  readonly compare: Verb<
    { readonly image: Pixels; readonly reference: Pixels; readonly settings: CompareSettings },
    CompareFacts
  >;
  /** The two files of LPIPS, in any order. */
  readonly lpips: Verb<readonly [Blob, Blob], { readonly network: LpipsNetwork }>;
  readonly adapt: Verb<
    { readonly images: readonly Pixels[]; readonly settings: AdaptSettings },
    AdaptFacts,
    AdaptNews
  >;
}

/** The name of a verb. */
export type VerbName = keyof Verbs;

/** What is asked, with the port that answers come by. */
export type Command<Name extends VerbName = VerbName> = {
  [V in Name]: { readonly verb: V; readonly asked: Verbs[V]['asked']; readonly port: MessagePort };
}[Name];

/** What is said about a command that is under way: give it up, or come to an end and keep what is there. */
export type Interruption = 'cancel' | 'finish';

/** Something else computes than before. */
export interface ChangedEngine {
  /** What computes now, and why it is this, for people. */
  readonly engine: string;
  readonly reason: string;
  readonly why: EngineChange;
}

/** What comes back by the port of a command; all but what is told and a change of the engine ends it. */
export type Reply<Name extends VerbName> =
  | { readonly outcome: 'told'; readonly told: Verbs[Name]['told'] }
  | { readonly outcome: 'engine'; readonly change: ChangedEngine }
  | { readonly outcome: 'done'; readonly answer: Verbs[Name]['answer'] }
  | { readonly outcome: 'failed'; readonly error: SentError }
  | { readonly outcome: 'stopped' };
