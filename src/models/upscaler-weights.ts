import { loadNetworkWeights, type NetworkWeights, saveNetworkWeights } from './network-weights.js';

/** An upscaler: a network that enlarges, with its parameters, and how they came about. */
export type UpscalerWeights = NetworkWeights;

/**
 * Writes an upscaler as safetensors: beside the target, then renamed.
 *
 * @throws RevelaError if the file cannot be written
 *
 * @example
 * await saveUpscalerWeights('mine.safetensors', await loadUpscalerWeights('runs/mine/weights.safetensors'));
 */
export async function saveUpscalerWeights(path: string, weights: UpscalerWeights): Promise<void> {
  await saveNetworkWeights(path, 'upscale', weights);
}

/**
 * Reads an upscaler from safetensors or a PyTorch checkpoint, such as those of ESRGAN, BSRGAN and Real-ESRGAN; its
 * architecture, size and scale are recognised from the tensors.
 *
 * @param path a file, or the folder of a run
 * @throws RevelaError for a file that holds no weights, another network, or NaN or infinity.
 *
 * @example
 * const { description } = await loadUpscalerWeights('realesr-animevideov3.pth'); // description.scale is 4
 */
export async function loadUpscalerWeights(path: string): Promise<UpscalerWeights> {
  return loadNetworkWeights(path, 'upscale');
}
