import { checked } from '../../options/index.js';
import { type ExportUpscalerOptions, exportUpscalerOptions } from './export-options.js';
import { checkModelTarget, type ExportedModel, exportProgram, modelName } from './exported-model.js';
import { upscaleProgram } from '../upscale-program.js';
import { present } from '../../present.js';
import { inUse, loadUpscalerWeights, type UpscalerWeights } from '../../models/index.js';

/**
 * Writes an upscaler as one ONNX model (opset 21, standard operators) for pictures of any size, which any ONNX Runtime
 * runs: in Node, in the browser, in Python or in C++.
 *
 * Input `picture` is float32 `[1, 3, height, width]`, output `upscaled` `[1, 3, height · scale, width · scale]`, red,
 * green, blue, `[0, 1]`. The model computes what `upscale` does with `sharpen: 0` on a picture without noise in one tile, at
 * the network's own scale.
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
  options: ExportUpscalerOptions = {},
): Promise<ExportedModel> {
  const { overwrite = false } = checked('exportUpscaler', exportUpscalerOptions, options);
  await checkModelTarget(path, weights, { overwrite });
  const upscaler = inUse(typeof weights === 'string' ? await loadUpscalerWeights(weights) : weights);
  const name = modelName(weights, path);
  const program = upscaleProgram(upscaler);
  const { method } = upscaler;
  return exportProgram(
    path,
    program,
    upscaler,
    {
      ...{ name, task: 'upscale' },
      does: `Enlarges photographs by ${program.scale}.`,
      entries: { ...present({ method }), scale: String(program.scale) },
    },
    { overwrite },
  );
}
