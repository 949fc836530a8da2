import { fileURLToPath } from 'node:url';
import type { PackageName } from '../weights/index.js';

/** The denoisers that the package ships, by the names that `--weights` takes. */
const shippedDenoisers = {
  /** For any camera, in one pass: learnt from clean photographs and a model of noise. */
  general: 'general-resunet-32x1.safetensors',
  /** Learnt from noisy pictures alone, and goes on learning from those that it is given. */
  'self-supervised': 'sdap-dbsnl-32x3.safetensors',
} as const satisfies Partial<Record<PackageName, string>>;

/** The name of a denoiser that the package ships. */
export type ShippedDenoiser = keyof typeof shippedDenoisers;

/** Whether `--weights` means a denoiser of the package by this name. */
export function isShippedDenoiser(name: string): name is ShippedDenoiser {
  return Object.hasOwn(shippedDenoisers, name);
}

/**
 * The file of a denoiser that the package ships; the general one where none is named.
 *
 * @example
 * await exportDenoiser(shippedDenoiserPath(), 'denoiser.onnx');
 */
export function shippedDenoiserPath(name: ShippedDenoiser = 'general'): string {
  return fileURLToPath(new URL(`../../models/${shippedDenoisers[name]}`, import.meta.url));
}

/** The upscalers that the package ships, by the names that `--weights` takes; both enlarge by 4. */
const shippedUpscalers = {
  /** For photographs as they are: learnt from small ones with noise, blur and JPEG. */
  photo: 'photo-span-48-x4.safetensors',
  /** For clean small pictures: learnt from such that bicubic resampling made. */
  faithful: 'faithful-span-48-x4.safetensors',
} as const satisfies Partial<Record<PackageName, string>>;

/** The name of an upscaler that the package ships. */
export type ShippedUpscaler = keyof typeof shippedUpscalers;

/** Whether `--weights` means an upscaler of the package by this name. */
export function isShippedUpscaler(name: string): name is ShippedUpscaler {
  return Object.hasOwn(shippedUpscalers, name);
}

/**
 * The file of an upscaler that the package ships.
 *
 * @example
 * await exportUpscaler(shippedUpscalerPath('photo'), 'photo.onnx');
 */
export function shippedUpscalerPath(name: ShippedUpscaler): string {
  return fileURLToPath(new URL(`../../models/${shippedUpscalers[name]}`, import.meta.url));
}

/**
 * The file of the scorer that the package ships.
 *
 * @example
 * const weights = await loadScorerWeights(shippedScorerPath());
 */
export function shippedScorerPath(): string {
  return fileURLToPath(new URL('../../models/graded-scorer-32.safetensors', import.meta.url));
}

/** The file of NIQE's model of good photographs that the package ships: its own, not that of NIQE's release. */
export function shippedNiqePath(): string {
  return fileURLToPath(new URL('../../models/niqe-photos.safetensors', import.meta.url));
}

/** The file of CLIP's vocabulary that the package ships: OpenAI's, under the MIT licence. */
export function shippedClipVocabularyPath(): string {
  return fileURLToPath(new URL('../../models/clip-bpe-merges.txt.gz', import.meta.url));
}
