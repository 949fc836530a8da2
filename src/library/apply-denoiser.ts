import { bindInputs, compile } from '../compile/index.js';
import type { InferenceMethod, InferenceOptions } from '../denoise/index.js';
import { keepDetail, plainInference } from '../denoise/index.js';
import type { Picture } from '../images/index.js';
import { extractTile, placeTile, planTiles } from '../images/index.js';
import type { Executable, Runtime } from '../runtime/index.js';
import type { TensorValue } from '../tensor/index.js';
import { RevelaError } from '../errors.js';
import type { DenoiserWeights } from './denoiser-weights.js';
import { tileSideFor } from './tile-side.js';
import { drawFeeds, inferenceProgram, parameterFeeds } from './inference-program.js';

/** Options of {@link createApplier}. */
export interface ApplyOptions extends Partial<InferenceOptions> {
  /** Seed of what the method draws at test time, if it does; default 0. */
  readonly seed?: number;
  /** Give back the detail that the network cannot predict, see {@link keepDetail}; default false. */
  readonly keepDetail?: boolean;
  /** Largest side of a tile, in pixels. Default: from the network's width and reach. */
  readonly tile?: number;
}

/** Where denoising a picture stands. */
export interface TileProgress {
  readonly tile: number;
  readonly tiles: number;
}

/** Denoises pictures with one set of weights. */
export interface Applier {
  apply(
    picture: Picture,
    options?: { onTile?: (progress: TileProgress) => void; signal?: AbortSignal },
  ): Promise<Picture>;
  close(): Promise<void>;
}

/** A grey picture three times over, as the networks expect; colour as it is. */
function toColour({ channels, data }: Picture): Float32Array {
  if (channels === 3) return data;
  const colour = new Float32Array(data.length * 3);
  for (let c = 0; c < 3; c++) colour.set(data, c * data.length);
  return colour;
}

/** The mean of the three planes. */
function toGrey(colour: Float32Array): Float32Array {
  const pixels = colour.length / 3;
  const grey = new Float32Array(pixels);
  for (let i = 0; i < pixels; i++)
    grey[i] = ((colour[i] ?? 0) + (colour[pixels + i] ?? 0) + (colour[2 * pixels + i] ?? 0)) / 3;
  return grey;
}

/** Prepares weights for denoising pictures of any size, tile by tile, without seams. */
export function createApplier(
  runtime: Runtime,
  weights: DenoiserWeights,
  method: InferenceMethod,
  { keepDetail: keepsDetail = false, tile: largest, seed = 0, ...given }: ApplyOptions,
): Applier {
  const options: InferenceOptions = { ...plainInference, ...given };
  const { reach, multiple } = weights.description;
  const margin = method.inference.margin(reach, options);
  // Sub-sampled and whole pictures must both suit the network.
  const alignment = method.inference.multiple(options) * multiple;
  const tile = largest ?? tileSideFor(weights, method, options, alignment);
  const executables = new Map<string, Promise<Executable>>();
  const executableFor = (height: number, width: number): Promise<Executable> => {
    const key = `${height}×${width}`;
    const known = executables.get(key);
    if (known !== undefined) return known;
    const program = inferenceProgram(weights, method, { height, width }, options);
    const model = compile(bindInputs(program, parameterFeeds(weights)), runtime.device);
    const loaded = runtime.load(model, { optimization: 'inference' });
    executables.set(key, loaded);
    // A model that could not be loaded is not kept.
    loaded.catch(() => executables.delete(key));
    return loaded;
  };
  return {
    async apply(picture, { onTile, signal } = {}) {
      const { width, height } = picture;
      const plan = planTiles({
        width,
        height,
        tile: Math.max(tile, 2 * margin + 2 * alignment),
        margin,
        multiple: alignment,
        border: method.inference.border,
      });
      const source = toColour(picture);
      const result = new Float32Array(3 * width * height);
      const executable = await executableFor(plan.tile.height, plan.tile.width);
      for (const [index, piece] of plan.tiles.entries()) {
        signal?.throwIfAborted();
        const data = extractTile(source, 3, height, width, piece.input);
        const noisy: TensorValue = {
          data,
          shape: [1, 3, plan.tile.height, plan.tile.width],
          dtype: 'float32',
        };
        const place = { batch: 1, ...plan.tile, top: piece.input.y, left: piece.input.x };
        const feeds = { noisy, ...drawFeeds(method.inference.draw(seed, place, options)) };
        const { fetched } = await executable.run(feeds, signal === undefined ? {} : { signal });
        const denoised = fetched['denoised']?.data;
        if (!(denoised instanceof Float32Array) || denoised.some(Number.isNaN))
          throw new RevelaError(
            'the network produced numbers that are no picture (NaN); train it again or use other weights',
          );
        placeTile(result, 3, height, width, denoised, piece);
        onTile?.({ tile: index + 1, tiles: plan.tiles.length });
      }
      const denoised = picture.channels === 3 ? result : toGrey(result);
      return { ...picture, data: keepsDetail ? keepDetail(picture.data, denoised, picture) : denoised };
    },
    async close() {
      for (const executable of executables.values()) await (await executable).release();
    },
  };
}
