import type { Tensor, TensorOf } from '../../tensor/index.js';
import type { Attribute } from '../emitter.js';
import type { Layout } from './layout.js';
import type { Strips } from './strips.js';
import type { WinogradConvolution } from './winograd.js';

/** An activation that a blocked convolution can apply, by ONNX Runtime's name. */
export interface Activation {
  readonly name: 'Relu' | 'LeakyRelu';
  readonly parameters?: readonly number[];
}

/** What a blocked convolution does in passing: a residual, the last of what it takes, is added, then an activation applied. */
export interface Passing {
  readonly residual?: true;
  readonly activation?: Activation;
}

interface Of<T extends Tensor> {
  readonly tensor: T;
}

type OfConvolution = Of<TensorOf<'convolution'> & Tensor>;
type OfInputGradient = Of<TensorOf<'convolutionInputGradient'> & Tensor>;
type OfWeightGradient = Of<TensorOf<'convolutionWeightGradient'> & Tensor>;
type OfSum = Of<TensorOf<'sum'> & Tensor>;

/**
 * The ways in which a node can be computed, and what there is to know of each. What a kernel takes, and in which layouts,
 * stands in its {@link Step}, in the order that is told here. Convolutions take the image, the weight, and the bias if there is
 * one; their input gradients the upstream gradient and the weight; weight gradients the image and the upstream gradient.
 */
interface Kernels {
  /** As the table of lowerings spells it, of its inputs. */
  primitive: Of<Tensor>;
  /** By whoever uses it. */
  'in passing': object;
  /** ONNX Runtime's convolution of blocks of channels. Takes the residual last, if one is added in passing. */
  'blocked convolution': OfConvolution & { readonly passing: Passing };
  /** The same of an input gradient, with its weight turned. */
  'blocked input gradient': OfInputGradient & { readonly passing: Passing };
  /**
   * The same times [y > 0] of an activation's output y, or its slope left of zero. Takes y last. The factor of the mask goes
   * where there are fewer numbers.
   */
  'masked gradient': OfInputGradient & { readonly slope: number; readonly factorIn: 'weight' | 'image' };
  /** A weight gradient as a blocked convolution over strips of the image. */
  strips: OfWeightGradient & { readonly strips: Strips };
  /** Of a 1×1 convolution, from blocked images. */
  'blocked pointwise weight gradient': OfWeightGradient;
  /** Sums of each channel of a blocked image over the batch and all pixels. */
  'channel sums': OfSum;
  /** What ONNX Runtime does to windows of a blocked image, times a factor. */
  windows: {
    readonly operator: 'MaxPool' | 'AveragePool' | 'Upsample';
    readonly attributes: Readonly<Record<string, Attribute>>;
    readonly factor?: number;
  };
  /** A convolution of 3×3 by minimal filtering. Takes the images whose channels are joined before it, transformed. */
  winograd: OfConvolution & { readonly convolution: WinogradConvolution };
  /** Such a convolution times a number, which goes into the transform back. Takes its products. */
  'scaled winograd': { readonly convolved: Tensor; readonly factor: number };
  /** A 1×1 convolution as one product of matrices. */
  mix: OfConvolution;
  /** Its input gradient. */
  'mix back': OfInputGradient;
  /** Its weight gradient, over all images at once. */
  'mixed weight gradient': OfWeightGradient;
  /** Its weight gradient, each image by itself. */
  'weight gradient per image': OfWeightGradient;
  /** A depthwise convolution of small images as products with matrices of pairs of pixels. */
  pairs: OfConvolution;
  /** Its input gradient. */
  'pairs back': OfInputGradient;
  /** Its weight gradient. */
  'pairs of weight': OfWeightGradient;
  /** A convolution to few channels, tap by tap. */
  'taps to few': OfConvolution;
  /** A weight gradient with all taps of the image, which has few channels, in one product. */
  'taps of few': OfWeightGradient;
  /** The same with all taps of the upstream gradient. */
  'taps of few upstream': OfWeightGradient;
  /** An input gradient as ONNX's ConvTranspose. */
  'transposed convolution': OfInputGradient;
  /** A sum over axes of an image whose batch comes last. */
  'batch-last sum': OfSum;
  /** A sum of squares. Takes what they are the squares of. */
  'sum of squares': OfSum;
}

/** The name of a kernel. */
export type KernelKind = keyof Kernels;

/** How a node is computed. */
export type Kernel<K extends KernelKind = KernelKind> = { [Kind in K]: KernelOf<Kind> }[K];

/** A kernel of this name; of several names, any of theirs. */
export type KernelOf<K extends KernelKind> = { readonly kind: K } & Kernels[K];

/** A tensor that a kernel takes, and the form in which it does. */
export interface Taken {
  readonly tensor: Tensor;
  readonly layout: Layout;
}

/** What is decided of one tensor. */
export interface Step {
  readonly kernel: Kernel;
  readonly takes: readonly Taken[];
  /** The form in which the kernel leaves the value; others are made of it where they are taken. */
  readonly gives: Layout;
  /** Whether it is computed when it is first taken, in place of in its turn. */
  readonly waits: boolean;
}

/** The kernel and the layout of every tensor that the outputs need, each after its inputs. */
export type Plan = ReadonlyMap<Tensor, Step>;
