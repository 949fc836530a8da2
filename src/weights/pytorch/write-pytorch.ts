import { dirname } from 'node:path';
import { RevelaError } from '../../errors.js';
import { fileError } from '../../file-errors.js';
import { makeFolder } from '../../make-folder.js';
import { writeBeside } from '../../write-beside.js';
import { bytesOfTensor, type StoredDtype, type StoredTensor } from '../stored-tensor.js';
import { type PickleContent, PickleWriter } from './pickle-writer.js';
import { largestZip, zipChunks } from './zip-writer.js';

/** PyTorch's classes of storages; unsigned numbers of more than 8 bits have none. */
const storageClasses: Readonly<Partial<Record<StoredDtype, string>>> = {
  F64: 'DoubleStorage',
  F32: 'FloatStorage',
  F16: 'HalfStorage',
  BF16: 'BFloat16Storage',
  I64: 'LongStorage',
  I32: 'IntStorage',
  I16: 'ShortStorage',
  I8: 'CharStorage',
  U8: 'ByteStorage',
  BOOL: 'BoolStorage',
};
/** ZIP counts entries in 16 bits; four are no storages. */
const mostTensors = 65_535 - 4;
/** For the headers and the pickle of an archive, generously. */
const roomPerTensor = 1024;

/**
 * Writes tensors as a PyTorch checkpoint that `torch.load` reads since version 1.6: a plain state dict, without any
 * metadata. It appears whole or not at all; a former file of that name is replaced, a missing folder is made.
 *
 * @throws RevelaError, one line, if the folder cannot be written, the disk is full, the tensors take more than 4 GiB or
 *   one has a type that PyTorch's files do not have
 *
 * @example
 * await writePytorch('denoiser.pth', tensors); // in Python: model.load_state_dict(torch.load('denoiser.pth'))
 */
export async function writePytorch(path: string, tensors: ReadonlyMap<string, StoredTensor>): Promise<void> {
  const chunks = pytorchChunks(tensors, path);
  try {
    await makeFolder(dirname(path));
    await writeBeside(path, chunks);
  } catch (error) {
    throw fileError(`cannot write ${path}`, error);
  }
}

/**
 * The bytes of the file that {@link writePytorch} writes.
 *
 * @throws RevelaError as `writePytorch`
 *
 * @example
 * const bytes = encodePytorch(new Map([['bias', { dtype: 'F32', shape: [1], data: Float32Array.of(1) }]]));
 */
export function encodePytorch(tensors: ReadonlyMap<string, StoredTensor>): Uint8Array {
  return new Uint8Array(Buffer.concat(pytorchChunks(tensors, 'the checkpoint')));
}

function pytorchChunks(tensors: ReadonlyMap<string, StoredTensor>, path: string): readonly Uint8Array[] {
  const size = [...tensors.values()].reduce((sum, { data }) => sum + data.byteLength + roomPerTensor, 0);
  if (size > largestZip || tensors.size > mostTensors)
    throw new RevelaError(
      `${path} would have ${tensors.size} tensors and ${size} bytes; a .pth of this program has at most ${mostTensors} and 4 GiB: choose .safetensors`,
    );
  const text = (content: string): Uint8Array => new TextEncoder().encode(content);
  return zipChunks([
    { name: 'archive/data.pkl', bytes: statePickle(tensors, path) },
    { name: 'archive/byteorder', bytes: text('little') },
    ...[...tensors.values()].map((tensor, at) => ({
      name: `archive/data/${at}`,
      bytes: bytesOfTensor(tensor),
    })),
    { name: 'archive/version', bytes: text('3\n') },
  ]);
}

/** `OrderedDict` of names and `torch._utils._rebuild_tensor_v2(storage, 0, size, stride, False, OrderedDict())`. */
function statePickle(tensors: ReadonlyMap<string, StoredTensor>, path: string): Uint8Array {
  const writer = new PickleWriter().value(emptyOrderedDict).instruction('(');
  let at = 0;
  for (const [name, { dtype, shape, data }] of tensors) {
    const storageClass = storageClasses[dtype];
    if (storageClass === undefined)
      throw new RevelaError(
        `${path}: PyTorch's files have no numbers of type ${dtype}, which tensor ${name} has; choose .safetensors`,
      );
    const id: PickleContent = [
      'storage',
      (w) => w.global('torch', storageClass),
      String(at++),
      'cpu',
      data.length,
    ];
    const storage: PickleContent = (w) => w.value(id).instruction('Q');
    writer
      .value(name)
      .global('torch._utils', '_rebuild_tensor_v2')
      .value([storage, 0, shape, rowMajorStrides(shape), false, emptyOrderedDict])
      .instruction('R');
  }
  return writer.instruction('u').end();
}

function emptyOrderedDict(writer: PickleWriter): void {
  writer.global('collections', 'OrderedDict').value([]).instruction('R');
}

function rowMajorStrides(shape: readonly number[]): readonly number[] {
  return shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
}
