import { compileForAnySize } from '../compile/index.js';
import { packageVersion } from '../package-version.js';
import {
  checkModelSize,
  checkModelTarget,
  type ExportedModel,
  modelName,
  writeModel,
} from './exported-model.js';
import { upscaleProgram } from './upscale-program.js';
import { loadUpscalerWeights, type UpscalerWeights } from './upscaler-weights.js';

/**
 * Writes an upscaler as one ONNX model (opset 21, standard operators) for pictures of any size, which any ONNX Runtime
 * runs: in Node, in the browser, in Python or in C++.
 *
 * Input `picture` is float32 `[1, 3, height, width]`, output `upscaled` `[1, 3, height · scale, width · scale]`, red,
 * green, blue, `[0, 1]`. The model computes what `upscale` does on a picture in one tile, at the network's own scale.
 *
 * @param weights a file, the folder of a run, or an upscaler
 * @param path where to; written beside it and renamed
 * @throws RevelaError for weights that cannot be read or are too large, and for a path that cannot be written;
 *   OptionError for a path that does not end in `.onnx`
 *
 * @example
 * const { card } = await exportUpscaler('realesr-animevideov3.pth', 'upscaler.onnx');
 */
export async function exportUpscaler(
  weights: string | UpscalerWeights,
  path: string,
  { overwrite = false }: { readonly overwrite?: boolean } = {},
): Promise<ExportedModel> {
  await checkModelTarget(path, { overwrite });
  const upscaler = typeof weights === 'string' ? await loadUpscalerWeights(weights) : weights;
  const name = modelName(weights, path);
  checkModelSize(upscaler, name);
  const { trace, multiple, scale, picture, result, constants } = upscaleProgram(upscaler);
  const card = modelCard(name, upscaler);
  const bytes = compileForAnySize({
    trace: (height, width) => trace({ height, width }),
    multiple,
    scale,
    picture,
    result,
    values: constants,
    metadata: card,
    producerVersion: packageVersion(),
    description: `Enlarges photographs by ${scale}. ${usageOf(scale)}`,
  });
  return writeModel(path, bytes, card);
}

const usageOf = (scale: number): string =>
  `Feed picture, float32 [1, 3, height, width]: all red values, then all green, then all blue, each row by row from the top, 0 to 1 (8-bit values divided by 255). Take upscaled, [1, 3, ${scale}*height, ${scale}*width].`;

/** The entries of the model's metadata: what it is, how it is called, where it came from. */
function modelCard(
  name: string,
  { description, method, licence, record }: UpscalerWeights,
): Readonly<Record<string, string>> {
  const { architecture, config, scale, multiple } = description;
  return {
    format: 'revela-model-1',
    name,
    task: 'upscale',
    ...(method === undefined ? {} : { method }),
    scale: String(scale),
    architecture,
    config: JSON.stringify(config),
    value_range: '0 to 1, with the gamma of the file (sRGB), not linear; the result is clamped to it',
    colour_order:
      'red, green, blue; a grey picture goes in three times, and the mean of the results is taken',
    padding:
      multiple === 1
        ? 'none is needed'
        : 'inside the model, by reflection that does not repeat the border: at the right and the bottom to whole multiples; the result is cut',
    size_multiple: String(multiple),
    usage: usageOf(scale),
    licence,
    training: JSON.stringify(record),
    revela_version: packageVersion(),
  };
}
