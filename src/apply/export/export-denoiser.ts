import { plainInference } from '../../denoise/index.js';
import {
  checkBlindSpot,
  inferenceMethodNamed,
  type DenoiserWeights,
  loadDenoiserWeights,
} from '../../models/index.js';
import { checked } from '../../options/index.js';
import { denoisingProgram } from '../denoising-program.js';
import { type ExportOptions, exportDenoiserOptions } from './export-options.js';
import { checkModelTarget, type ExportedModel, exportProgram, modelName } from './exported-model.js';

/**
 * Writes a denoiser as one ONNX model (opset 21, standard operators) for pictures of any size, which any ONNX Runtime
 * runs: in Node, in the browser, in Python or in C++.
 *
 * Input `noisy` and output `denoised` are float32 `[1, 3, height, width]`, red, green, blue, `[0, 1]`. The model computes
 * what `openDenoiser` does with `{ adapt: false, bare: true, keepDetail: false }` on a picture in one tile; padding to the
 * network's multiple is inside. Methods that draw masks take their fixed ones.
 *
 * @param weights a file, the folder of a run, or a denoiser
 * @param path where to; written beside it and renamed
 * @throws RevelaError for weights that cannot be read or are too large, for a method that cannot do without random
 *   numbers, for a program that cannot be written for any size, and for a path that cannot be written; OptionError for a
 *   method that does not suit the network and a path that does not end in `.onnx`
 *
 * @example
 * const { card } = await exportDenoiser('denoiser.safetensors', 'denoiser.onnx');
 */
export async function exportDenoiser(
  weights: string | DenoiserWeights,
  path: string,
  options: ExportOptions = {},
): Promise<ExportedModel> {
  const asked = checked('exportDenoiser', exportDenoiserOptions, options);
  const { method: methodName, enhance = true, overwrite = false } = asked;
  await checkModelTarget(path, weights, { overwrite });
  const denoiser = typeof weights === 'string' ? await loadDenoiserWeights(weights) : weights;
  const name = modelName(weights, path);
  const method = inferenceMethodNamed(methodName ?? denoiser.method);
  checkBlindSpot(method, denoiser.description);
  const inference = { ...plainInference, enhance, deterministic: true };
  return exportProgram(
    path,
    denoisingProgram(denoiser, method, inference),
    denoiser,
    {
      ...{ name, task: 'denoise' },
      does: `Removes the noise of photographs: ${method.title}.`,
      entries: { method: method.name, enhance: String(enhance) },
    },
    { overwrite },
  );
}
