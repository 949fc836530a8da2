import type { BatchSize, Random, TrainingPreset } from '../nn/index.js';
import type { Tensor, TensorRecord, TensorSpec, TensorValue } from '../tensor/index.js';

/** A network with its parameters in place: `[batch, channels, height, width]` → the same shape. */
export type Denoiser = (x: Tensor) => Tensor;

/** Published refinements of a denoised picture by replacing random pixels with noisy ones (R3 in the papers). */
export type Refinement = 'none' | 'per-element' | 'per-pixel';

/** Options of a method's inference; a method takes those that it names in `takes`, and leaves the others. */
export interface InferenceOptions {
  /** Stride of the pixel-shuffle down-sampling at test time: 2 in the papers; 1 does without. */
  readonly subSampling: number;
  /** The method's second pass over its own result, where it has one. */
  readonly enhance: boolean;
  /** Random-replacing refinement after the method's own inference. */
  readonly refine: Refinement;
  /** Number of complementary masks, for methods that hide pixels: 2 in AMSNet. */
  readonly masks: number;
  /** Take fixed patterns (a checkerboard for two masks) in place of random masks. */
  readonly deterministic: boolean;
}

/**
 * What a method does where nothing else is asked of it: sub-sampling by 2, no second pass, no refinement, two random
 * masks.
 */
export const plainInference: InferenceOptions = {
  subSampling: 2,
  enhance: false,
  refine: 'none',
  masks: 2,
  deterministic: false,
};

/** A part of a picture: `batch` images of `height` × `width` pixels whose first pixel is at row `top`, column `left`. */
export interface Placement {
  readonly batch: number;
  readonly height: number;
  readonly width: number;
  readonly top: number;
  readonly left: number;
}

/** What a method does with a trained network at test time, and what people are told about it. */
export interface InferenceMethod {
  /** The name that options and weights files use. */
  readonly name: string;
  /** One line for people, with the paper. */
  readonly title: string;
  /** Whether the network must be blind to the pixel that it predicts. */
  readonly needsBlindSpot: boolean;
  /** The architecture that is taken where none is named. */
  readonly defaultNetwork: string;
  /** Recipes: `paper` has the paper's hyper-parameters, `fast` is this program's own. */
  readonly presets: Readonly<Record<'paper' | 'fast', TrainingPreset>>;
  readonly inference: {
    /** The options that mean something to the method. */
    readonly takes: readonly (keyof InferenceOptions)[];
    /** Pixels by which a picture is mirrored on all sides before the passes, and cut afterwards. */
    readonly border: number;
    /** Whether it hides the pixels that it predicts, so that fine texture is lost which `keepDetail` can give back. */
    readonly losesDetail: boolean;
    /**
     * Whether the self-supervised weights of the package are asked as well where noise is very strong: what learnt from pairs, such as those of a
     * model of noise, leaves specks and ragged edges of noise that is not in them. Default: no.
     */
    readonly secondNetwork?: boolean;
    /** Height and width must be multiples of this. */
    multiple(options: InferenceOptions): number;
    /** Pixels of context that a pixel of the result depends on, for a network that reaches `reach` pixels. */
    margin(reach: number, options: InferenceOptions): number;
    /** Random inputs of the inference of a part of a picture; none for a deterministic method. */
    specs(
      size: Omit<Placement, 'top' | 'left'>,
      options: InferenceOptions,
    ): Readonly<Record<string, TensorSpec>>;
    /** Draws them as a pure function of the seed and of each pixel's place, so that tiles agree where they overlap. */
    draw(seed: number, place: Placement, options: InferenceOptions): Readonly<Record<string, TensorValue>>;
    /** noisy: `[batch, 3, height, width]`, `[0, 1]`; so is the result, which may leave the range slightly. */
    denoise(denoiser: Denoiser, noisy: Tensor, options: InferenceOptions, draws: TensorRecord): Tensor;
  };
}

/**
 * A self-supervised denoising method: what training draws, what it compares, and what happens at test time.
 * It knows nothing of the training loop, of devices or of files; they know nothing of it.
 */
export interface DenoisingMethod extends InferenceMethod {
  readonly training: {
    /** The side of a patch must be a multiple of this. */
    readonly patchMultiple: number;
    /** Random inputs of one step, besides the patches. */
    specs(size: BatchSize): Readonly<Record<string, TensorSpec>>;
    draw(random: Random, size: BatchSize): Readonly<Record<string, TensorValue>>;
    /** The loss of one step. patches: `[batch, 3, patch, patch]`, noisy, `[0, 1]`. */
    objective(denoiser: Denoiser, patches: Tensor, draws: TensorRecord): Tensor;
  };
}

/** The random input of that name, or an error that says which method misses it. */
export function drawn(draws: TensorRecord, name: string, method: string): Tensor {
  const tensor = draws[name];
  if (tensor === undefined) throw new RangeError(`${method}: ${name} was not given`);
  return tensor;
}
