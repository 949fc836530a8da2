import { RevelaError } from '../errors.js';
import type { OpenFile } from './open-file.js';

/** What weights are kept in, as the first bytes tell. */
export type FileKind = 'safetensors' | 'zip' | 'pickle' | 'index';

/** The longest list of the files that weights are cut into. */
export const longestIndex = 32 * 2 ** 20;

/** The kind of weights file whose first bytes these are, whatever it is called; undefined where it is none. */
export async function fileKindOf(file: OpenFile): Promise<FileKind | undefined> {
  const start = new Uint8Array(await file.read(0, Math.min(file.size, 9)));
  // A header's length comes first, then the header, which is JSON.
  if (start[8] === 0x7b && start[6] === 0 && start[7] === 0) return 'safetensors';
  if (start[0] === 0x50 && start[1] === 0x4b && start[2] === 3 && start[3] === 4) return 'zip';
  // PROTO and the number of a protocol, with which every pickle since protocol 2 begins.
  if (start[0] === 0x80 && (start[1] ?? 9) <= 5) return 'pickle';
  if (start[0] === 0x7b && file.size <= longestIndex) {
    const text = new TextDecoder().decode(await file.read(0, file.size));
    if (text.includes('"weight_map"')) return 'index';
  }
  return undefined;
}

/** Files that people take for weights, by what they begin with, and what to do instead. */
const others: readonly (readonly [start: string, is: string, remedy: string])[] = [
  [
    'version https://git-lfs.github.com/spec/',
    'is a pointer of Git LFS in place of the file',
    'fetch the file itself with git lfs pull, or download it from the page of the repository',
  ],
  [
    'GGUF',
    'is a GGUF file, as llama.cpp and ComfyUI read',
    'take the safetensors or PyTorch file of the weights',
  ],
  ['GGML', 'is a GGML file', 'take the safetensors or PyTorch file of the weights'],
  ['\x89HDF', 'is an HDF5 file, as Keras writes', 'take PyTorch weights or safetensors'],
  ['\x93NUMPY', 'is an array of NumPy', 'save the weights by name, as safetensors'],
  ['MATLAB ', 'is a MATLAB file', 'take PyTorch weights or safetensors'],
  ['7767517', 'is a network of NCNN', 'take PyTorch weights or safetensors'],
  ['\x1f\x8b', 'is packed with gzip', 'unpack it first'],
  ['BZh', 'is packed with bzip2', 'unpack it first'],
  ['\xfd7zXZ', 'is packed with xz', 'unpack it first'],
  ['\x28\xb5\x2f\xfd', 'is packed with Zstandard', 'unpack it first'],
  ['7z\xbc\xaf\x27\x1c', 'is a 7z archive', 'unpack it first'],
  ['Rar!', 'is a RAR archive', 'unpack it first'],
  ['<', 'is a page of the web or XML in place of weights', 'download the file itself'],
  ['{', 'is a JSON text, not weights', 'give the file of the weights that it belongs to'],
];

/** The error of a file that holds no weights: what it is instead, where that can be told. */
export async function unknownKind(file: OpenFile): Promise<RevelaError> {
  const { name } = file;
  return (
    (await otherKind(file)) ??
    new RevelaError(
      `${name} holds no weights: it is neither a safetensors file nor a PyTorch checkpoint (.pth, .pt, .ckpt)`,
    )
  );
}

/** The error of a file that is known to be something else than weights. */
export async function otherKind(file: OpenFile): Promise<RevelaError | undefined> {
  const { name, size } = file;
  if (size === 0) return new RevelaError(`${name} is empty (0 bytes); copy or download it again`);
  const bytes = new Uint8Array(await file.read(0, Math.min(size, 512)));
  const start = String.fromCharCode(...bytes);
  if (start.slice(257, 262) === 'ustar')
    return new RevelaError(
      `${name} is a TAR archive, as PyTorch wrote before version 0.1.10; load and save it with a newer PyTorch`,
    );
  const text = start.replace(/^(?:\xef\xbb\xbf)?\s*/, '');
  const other = others.find(([begin]) => start.startsWith(begin) || text.startsWith(begin));
  if (other !== undefined) return new RevelaError(`${name} ${other[1]}; ${other[2]}`);
  if (start.slice(4, 8) === 'TFL3')
    return new RevelaError(`${name} is a TensorFlow Lite model; take PyTorch weights or safetensors`);
  // ir_version, and then the producer, the graph or the operators: ONNX's ModelProto as it is written.
  if (bytes[0] === 8 && (bytes[1] ?? 99) < 20 && [0x12, 0x3a, 0x42].includes(bytes[2] ?? 0))
    return new RevelaError(
      `${name} is an ONNX model, in which weights are parts of a program; take the PyTorch weights or safetensors that it was made of`,
    );
  return undefined;
}
