import type { Random } from '../nn/index.js';
import type { Tensor, TensorRecord, TensorSpec, TensorValue } from '../tensor/index.js';

/** A network with its parameters in place: `[batch, channels, height, width]` → the same shape. */
export type Denoiser = (x: Tensor) => Tensor;

/** Size of a training batch: `batch` patches of `patch` × `patch` pixels. */
export interface BatchSize {
  readonly batch: number;
  readonly patch: number;
}

/** Options of a method's inference. */
export interface InferenceOptions {
  /** The method's second pass over its own result, where it has one. */
  readonly enhance: boolean;
}

/**
 * A self-supervised denoising method: what training draws, what it compares, and what happens at test time.
 * It knows nothing of the training loop, of devices or of files; they know nothing of it.
 */
export interface DenoisingMethod {
  /** The name that options and weights files use. */
  readonly name: string;
  /** One line for people, with the paper. */
  readonly title: string;
  readonly training: {
    /** The side of a patch must be a multiple of this. */
    readonly patchMultiple: number;
    /** Random inputs of one step, besides the patches. */
    specs(size: BatchSize): Readonly<Record<string, TensorSpec>>;
    draw(random: Random, size: BatchSize): Readonly<Record<string, TensorValue>>;
    /** The loss of one step. patches: `[batch, 3, patch, patch]`, noisy, `[0, 1]`. */
    objective(denoiser: Denoiser, patches: Tensor, draws: TensorRecord): Tensor;
  };
  readonly inference: {
    /** Height and width must be multiples of this. */
    readonly multiple: number;
    /** Pixels of context that a pixel of the result depends on, for a network that reaches `reach` pixels. */
    margin(reach: number, options: InferenceOptions): number;
    /** noisy: `[batch, 3, height, width]`, `[0, 1]`; so is the result, which may leave the range slightly. */
    denoise(denoiser: Denoiser, noisy: Tensor, options: InferenceOptions): Tensor;
  };
}
