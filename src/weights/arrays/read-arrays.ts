import { RevelaError } from '../../errors.js';
import { type OpenFile, withOpenFile } from '../open-file.js';
import { readOpenSafetensors } from '../safetensors.js';
import { doublesOf } from './doubles.js';
import { isMat, isMat73, readMat } from './mat.js';
import { allowanceOfArrays, type NamedArray } from './named-array.js';
import { readNpz } from './npz.js';

/**
 * Reads named arrays of numbers, such as the parameters of a measure: from safetensors, a NumPy archive (`.npz`) or a
 * MATLAB file (`.mat`, version 5 to 7). The kind is told by the content. Nothing is executed.
 *
 * @returns by name, in double precision and row-major order; the cells of a MATLAB cell array `c` as `c{1}`, `c{2}` …
 * @throws RevelaError, one line, if the file is missing, cannot be read, is damaged, or of another kind
 *
 * @example
 * const arrays = await readArrays('niqe_pris_params.npz');
 * arrays.get('mu_pris_param'); // { shape: [1, 36], data: Float64Array }
 */
export async function readArrays(path: string): Promise<ReadonlyMap<string, NamedArray>> {
  return withOpenFile(path, async (file) => {
    const start = new Uint8Array(await file.read(0, Math.min(file.size, 19)));
    if (start[8] === 0x7b && start[6] === 0 && start[7] === 0) return fromSafetensors(file);
    if (start[0] === 0x50 && start[1] === 0x4b) return readNpz(file);
    if (isMat(start)) return readMat(file);
    if (isMat73(start))
      throw new RevelaError(
        `${path} is a MATLAB file of version 7.3; save it from MATLAB with save(..., '-v7')`,
      );
    throw new RevelaError(
      `${path} holds no arrays: expected a safetensors file, a NumPy archive (.npz) or a MATLAB file (.mat)`,
    );
  });
}

async function fromSafetensors(file: OpenFile): Promise<ReadonlyMap<string, NamedArray>> {
  const allowance = allowanceOfArrays(file.name);
  allowance.hold(file.size);
  const { tensors } = await readOpenSafetensors(file);
  return new Map(
    [...tensors].map(([name, tensor]) => {
      allowance.hold(tensor.data.length * Float64Array.BYTES_PER_ELEMENT);
      return [name, { shape: tensor.shape, data: doublesOf(tensor) }];
    }),
  );
}
