import { disposable } from '../belongings.js';
import {
  type InferenceMethod,
  type InferenceOptions,
  keepDetailAside,
  plainInference,
} from '../denoise/index.js';
import type { LearntWeights } from '../networks/index.js';
import { inNetworkRange, type LeanPicture, type Picture } from '../pixels/index.js';
import { present } from '../present.js';
import type { Runtime } from '../runtime/index.js';
import { applyInTiles, type TileListener } from './apply-in-tiles.js';
import { denoisingProgram } from './denoising-program.js';
import type { SecondNetwork } from './second-network.js';

/** Options of {@link createApplier}. */
export interface ApplyOptions extends Partial<InferenceOptions> {
  /** Seed of what the method draws at test time, if it does; default 0. */
  readonly seed?: number;
  /** Give back the detail that the network cannot predict, see `keepDetail`; default false. */
  readonly keepDetail?: boolean;
  /** Largest side of a tile, in pixels. Default: from the network's width and reach. */
  readonly tile?: number;
  /** Who is asked as well where noise is very strong; default: nobody. */
  readonly secondNetwork?: SecondNetwork;
}

/** Denoises pictures with one set of weights. */
export interface Applier extends AsyncDisposable {
  apply(picture: LeanPicture, listener?: TileListener): Promise<Picture>;
  /** Who is asked as well where noise is very strong. */
  readonly secondNetwork?: SecondNetwork;
  close(): Promise<void>;
}

/** Prepares weights for denoising pictures of any size, tile by tile, without seams. */
export function createApplier(
  runtime: Runtime,
  weights: LearntWeights,
  method: InferenceMethod,
  { keepDetail: keepsDetail = false, tile, seed = 0, secondNetwork, ...given }: ApplyOptions,
): Applier {
  const program = denoisingProgram(weights, method, { ...plainInference, ...given }, seed);
  const tiled = applyInTiles(runtime, program, present({ tile }));
  return disposable({
    apply: (given: LeanPicture, listener?: TileListener) =>
      inNetworkRange(given, async (picture) => {
        const denoised = await tiled.apply(picture, listener);
        const { width, height, channels, data } = picture;
        return {
          ...picture,
          data: keepsDetail ? await keepDetailAside(data, denoised, { width, height, channels }) : denoised,
        };
      }),
    ...present({ secondNetwork }),
    close: () => tiled.close(),
  });
}
