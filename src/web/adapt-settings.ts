import type { Unkept } from './kept/storage.js';
import type { TilePixels, TilesDone } from './protocol.js';

/** How weights learn from the pictures that are to be denoised. */
export interface AdaptSettings {
  /**
   * What they learn on from: `general` (the default), `self-supervised`, or the bytes of a file of weights. The general ones learn
   * from pairs that are made of the pictures themselves, the self-supervised ones by SDAP.
   */
  readonly weights?: 'general' | 'self-supervised' | Uint8Array;
  /** Default: 3 minutes or 300 steps of the general weights, whichever ends first; 1 minute of the self-supervised ones. */
  readonly minutes?: number;
  readonly steps?: number;
  /** Side of the patches, in pixels. Default: by the method. */
  readonly patch?: number;
  /** Patches a step. Default: by the method. */
  readonly batch?: number;
  readonly learningRate?: number;
  /** Any whole number; the same one draws the same patches. Default 0. */
  readonly seed?: number;
  /**
   * Keeps where it stands in the browser's own storage, every few seconds: asked again with the same images and settings, as after
   * its tab was closed, it goes on from there, and with a budget of steps comes to the same numbers. What ends or is given up is not
   * kept longer. Default: no.
   */
  readonly keep?: boolean;
}

/** What came of learning. */
export interface AdaptFacts {
  /**
   * A file of weights (safetensors), for `denoise` here or in Node; left out where nothing was learnt. What the general weights have
   * learnt is left out, too, where it is no better on the noisy pictures themselves; what is learnt by SDAP is given as it is.
   */
  readonly weights?: Uint8Array;
  /** Steps that were learnt. */
  readonly steps: number;
  /** Seconds that they took. */
  readonly seconds: number;
}

/** A part of the picture, denoised by what was learnt so far. */
export interface AdaptPreview extends Omit<TilePixels, keyof TilesDone> {
  /** Steps that were learnt; 0 before the first. */
  readonly step: number;
}

/** A step of learning. */
export interface AdaptStep {
  /** Steps done. */
  readonly step: number;
  /** Of the budget, where it has any. */
  readonly steps?: number;
  readonly loss: number;
  readonly elapsedSeconds: number;
  readonly remainingSeconds: number;
}

/** What learning tells meanwhile. */
export type AdaptNews =
  /** How much of finding out about the noise is done, 0 to 1. */
  | { readonly kind: 'calibration'; readonly done: number }
  /** A step is done. */
  | ({ readonly kind: 'step' } & AdaptStep)
  | ({ readonly kind: 'preview' } & AdaptPreview)
  /** It goes on where it stood when it was kept. */
  | { readonly kind: 'resumed'; readonly step: number }
  /** Where it stands cannot be kept. */
  | { readonly kind: 'unkept'; readonly reason: Unkept }
  /** Something worth a line. */
  | { readonly kind: 'note'; readonly message: string };
