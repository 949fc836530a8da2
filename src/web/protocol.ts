import type { ErrorCode } from '../errors.js';
import type { PictureFormat } from '../pixels/index.js';
import type { EngineChoice } from '../runtime/web/index.js';
import type { Layer } from './layers.js';
import type { Pixels } from './page-image.js';
import type { DenoiseFacts, UpscaleFacts } from './restorer.js';

/** Where a page's files are, and what it computes on. */
export interface OpenCommand {
  readonly kind: 'open';
  /** The folder of ONNX Runtime's files and the weights, an absolute address with a slash at its end. */
  readonly assets: string;
  readonly engine: EngineChoice;
  readonly threads?: number;
}

/** How a picture is denoised; all from 0 to 100. */
export interface DenoiseSettings {
  readonly strength?: number;
  readonly luma?: number;
  readonly chroma?: number;
  readonly detail?: number;
}

/** How a picture is enlarged. */
export interface UpscaleSettings {
  readonly scale?: 2 | 3 | 4;
  /** Default: as is best for the picture. */
  readonly weights?: 'photo' | 'faithful';
}

/** What the page asks of its worker. */
export type Command =
  | OpenCommand
  | { readonly kind: 'denoise'; readonly image: Pixels; readonly settings: DenoiseSettings }
  | { readonly kind: 'layers'; readonly image: Pixels }
  | {
      readonly kind: 'upscale';
      readonly image: Pixels;
      readonly format: PictureFormat;
      readonly settings: UpscaleSettings;
    };

export type Request = ({ readonly id: number } & Command) | { readonly kind: 'cancel'; readonly id: number };

/** A part of the result that is there, as the network gave it. */
export interface TilePixels extends Pixels {
  readonly x: number;
  readonly y: number;
  readonly tile: number;
  readonly tiles: number;
}

/** What came of a command. */
export interface Answer {
  readonly engine?: string;
  readonly reason?: string;
  readonly image?: Pixels;
  readonly denoised?: DenoiseFacts;
  readonly layers?: readonly Layer[];
  readonly upscaled?: UpscaleFacts;
}

export type Reply =
  | { readonly id: number; readonly outcome: 'done'; readonly answer: Answer }
  | { readonly id: number; readonly outcome: 'failed'; readonly message: string; readonly code: ErrorCode }
  | { readonly id: number; readonly outcome: 'stopped' }
  | { readonly id: number; readonly outcome: 'tile'; readonly tile: TilePixels };
