import { compileForAnySize } from '../compile/index.js';
import type { InferenceMethod, InferenceOptions } from '../denoise/index.js';
import { plainInference } from '../denoise/index.js';
import type { TensorValue } from '../tensor/index.js';
import { packageVersion } from '../package-version.js';
import { checkBlindSpot, inferenceMethodNamed } from './denoiser-options.js';
import type { DenoiserWeights } from './denoiser-weights.js';
import { loadDenoiserWeights } from './denoiser-weights.js';
import {
  checkModelSize,
  checkModelTarget,
  type ExportedModel,
  modelName,
  writeModel,
} from './exported-model.js';
import { drawFeeds, inferenceProgram, parameterFeeds } from './inference-program.js';

/** Options of {@link exportDenoiser}. */
export interface ExportOptions {
  /** How the model denoises; default: the method that the weights were trained by. */
  readonly method?: string;
  /** The method's second pass over its result; default true. */
  readonly enhance?: boolean;
  /** Replace a file that exists; default: refuse. */
  readonly overwrite?: boolean;
}

/**
 * Writes a denoiser as one ONNX model (opset 21, standard operators) for pictures of any size, which any ONNX Runtime
 * runs: in Node, in the browser, in Python or in C++.
 *
 * Input `noisy` and output `denoised` are float32 `[1, 3, height, width]`, red, green, blue, `[0, 1]`. The model computes
 * what `openDenoising` does with `{ adapt: false, keepDetail: false }` on a picture in one tile; padding to the
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
  { method: methodName, enhance = true, overwrite = false }: ExportOptions = {},
): Promise<ExportedModel> {
  await checkModelTarget(path, { overwrite });
  const denoiser = typeof weights === 'string' ? await loadDenoiserWeights(weights) : weights;
  const name = modelName(weights, path);
  const method = inferenceMethodNamed(methodName ?? denoiser.method);
  checkBlindSpot(method, denoiser.description);
  checkModelSize(denoiser, name);
  const options: InferenceOptions = { ...plainInference, enhance, deterministic: true };
  const multiple = method.inference.multiple(options) * denoiser.description.multiple;
  const card = modelCard(name, denoiser, method, options, multiple);
  const bytes = compileForAnySize({
    trace: (height, width) => inferenceProgram(denoiser, method, { height, width }, options),
    multiple,
    border: method.inference.border,
    picture: 'noisy',
    result: 'denoised',
    values: parameterFeeds(denoiser),
    patterns: (height, width) => fixedDraws(method, { height, width }, options),
    metadata: card,
    producerVersion: packageVersion(),
    description: `Removes the noise of photographs: ${method.title}. ${usage}`,
  });
  return writeModel(path, bytes, card);
}

/** What a method draws where it is asked for fixed patterns: masks that repeat from pixel to pixel. */
function fixedDraws(
  { inference }: InferenceMethod,
  size: { readonly height: number; readonly width: number },
  options: InferenceOptions,
): Readonly<Record<string, TensorValue>> {
  return drawFeeds(inference.draw(0, { batch: 1, top: 0, left: 0, ...size }, options));
}

const usage =
  'Feed noisy, float32 [1, 3, height, width]: all red values, then all green, then all blue, each row by row from the top, 0 to 1 (8-bit values divided by 255). Take denoised, of the same shape.';

/** The entries of the model's metadata: what it is, how it is called, where it came from. */
function modelCard(
  name: string,
  { description, licence, record }: DenoiserWeights,
  method: InferenceMethod,
  { enhance }: InferenceOptions,
  multiple: number,
): Readonly<Record<string, string>> {
  return {
    format: 'revela-model-1',
    name,
    task: 'denoise',
    method: method.name,
    enhance: String(enhance),
    architecture: description.architecture,
    config: JSON.stringify(description.config),
    value_range: '0 to 1, with the gamma of the file (sRGB), not linear; the result is clamped to it',
    colour_order:
      'red, green, blue; a grey picture goes in three times, and the mean of the results is taken',
    padding: `inside the model, by reflection that does not repeat the border: ${method.inference.border} pixels on all sides, then at the right and the bottom to whole multiples; the result is cut`,
    size_multiple: String(multiple),
    usage,
    licence,
    training: JSON.stringify(record),
    revela_version: packageVersion(),
  };
}
