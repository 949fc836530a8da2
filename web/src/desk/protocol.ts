import type {
  Capture,
  ErrorCode,
  MixSettings,
  PageImage,
  Pixels,
  QualityMap,
  ScreenPixels,
} from 'revela/web';
import type { Format } from '../settings.js';
import type { Made } from './made.js';

/** How what is shown is mixed. */
export interface Mix extends MixSettings {
  /** How many times as large the difference from what stands on the left is shown; 0: what is kept itself is shown. */
  readonly difference: number;
}

/** What the page asks of the worker that holds pictures. Pictures have numbers. */
export type Order =
  /** Looks at a file: its size and a small picture of it. */
  | { readonly kind: 'look'; readonly file: Blob }
  /** The pixels of a file; of a picture that is shown those at hand are given away. */
  | { readonly kind: 'pixels'; readonly file: Blob; readonly picture?: number }
  /** Keeps a result. */
  | { readonly kind: 'keep'; readonly picture: number; readonly made: Made }
  /** Keeps the map of a picture's quality, coloured. */
  | {
      readonly kind: 'map';
      readonly picture: number;
      readonly image: PageImage & Pixels;
      readonly map: QualityMap;
    }
  /** Lets a picture's result go. */
  | { readonly kind: 'drop'; readonly picture: number }
  /** Shows the file of a picture, which may be another one, and what is kept of the picture, where there is anything. */
  | {
      readonly kind: 'show';
      readonly picture: number;
      readonly left: number;
      readonly file: Blob;
      readonly mix: Mix;
      /** How wide it is on the screen, in pixels of that. */
      readonly across: number;
    }
  /** Shows what is shown with another mixture. */
  | { readonly kind: 'mix'; readonly mix: Mix; readonly across: number }
  /** The file of a result. */
  | {
      readonly kind: 'encode';
      readonly picture: number;
      readonly file: Blob;
      readonly mix: Mix;
      readonly format: Format;
      /** Whether it is a photograph, of the colours that its file describes. */
      readonly photograph: boolean;
    };

/** What came of an order. */
export interface Outcome {
  readonly size?: { readonly width: number; readonly height: number };
  readonly small?: ImageBitmap;
  readonly capture?: Capture;
  readonly image?: PageImage & Pixels;
  readonly file?: Blob;
  /** Bytes that a result takes. */
  readonly bytes?: number;
}

/** Rows of what is shown, from the row `y` on, as small as they are drawn. */
export interface Strip extends ScreenPixels {
  readonly picture: number;
  readonly side: 'before' | 'after';
  readonly y: number;
  /** Rows of the whole as it is drawn. */
  readonly rows: number;
  /** The size of the whole as it is. */
  readonly whole: { readonly width: number; readonly height: number };
}

export type Reply =
  | { readonly id: number; readonly outcome: 'done'; readonly done: Outcome }
  | {
      readonly id: number;
      readonly outcome: 'failed';
      readonly message: string;
      readonly code: ErrorCode | undefined;
    }
  | { readonly outcome: 'strip'; readonly strip: Strip };
