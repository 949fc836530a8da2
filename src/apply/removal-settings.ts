/** The mask of a picture: `[height, width]`, `[0, 1]`. */
export interface Mask {
  readonly width: number;
  readonly height: number;
  readonly data: Float32Array;
  /** What messages call it. */
  readonly name: string;
}

/** What is asked of a removal of noise, checked; shares are from 0 to 1. */
export interface RemovalSettings {
  /** None: as is natural. */
  readonly strength?: number;
  readonly luma: number;
  readonly chroma: number;
  readonly detail: number;
  readonly mask?: Mask;
  readonly bare: boolean;
}
