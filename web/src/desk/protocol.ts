import type { ErrorCode, MixSettings, PageImage, Pixels } from 'revela/web';
import type { Format } from '../settings.js';

/** A picture with more and less detail, or one that was enlarged. */
export interface Made {
  readonly layers: readonly { readonly detail: number; readonly image: Pixels }[];
  /** Whether the layers are mixed with the picture; an enlarged picture is one layer that is shown as it is. */
  readonly mixed: boolean;
}

/** What the page asks of the worker that holds pictures. Pictures have numbers. */
export type Order =
  /** Looks at a file: its size and a small picture of it. */
  | { readonly kind: 'look'; readonly file: Blob }
  /** The pixels of a file. */
  | { readonly kind: 'pixels'; readonly file: Blob }
  /** Keeps a result. */
  | { readonly kind: 'keep'; readonly picture: number; readonly made: Made }
  /** Lets a picture's result go. */
  | { readonly kind: 'drop'; readonly picture: number }
  /** Shows a picture: what it was and, where a result is kept, what became of it. */
  | { readonly kind: 'show'; readonly picture: number; readonly file: Blob; readonly mix: MixSettings }
  /** Shows what is shown with another mixture. */
  | { readonly kind: 'mix'; readonly mix: MixSettings }
  /** The file of a result. */
  | {
      readonly kind: 'encode';
      readonly picture: number;
      readonly file: Blob;
      readonly mix: MixSettings;
      readonly format: Format;
    };

/** What came of an order. */
export interface Outcome {
  readonly size?: { readonly width: number; readonly height: number };
  readonly small?: ImageBitmap;
  readonly image?: PageImage & Pixels;
  readonly file?: Blob;
  /** Bytes that a result takes. */
  readonly bytes?: number;
}

/** Rows of what is shown, from the row `y` on. */
export interface Strip extends Pixels {
  readonly picture: number;
  readonly side: 'before' | 'after';
  readonly y: number;
  /** Rows of the whole. */
  readonly rows: number;
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
