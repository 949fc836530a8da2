import { RevelaError } from '../../errors.js';
import type { OpenFile } from '../open-file.js';
import type { Checkpoint } from './checkpoint.js';
import { unpickleWhole } from './unpickle.js';
import { longestPickle, workOn } from './work.js';
import { openZip } from './zip-archive.js';

/**
 * Reads the pickle of what PyTorch writes since 1.6, a ZIP archive: `NAME/data.pkl`, and each storage as
 * `NAME/data/KEY`. A TorchScript archive has the model's program (`code/`) and constants beside them, which are not
 * looked at.
 *
 * @throws RevelaError if the archive is damaged, no PyTorch file, or its pickle wants more than tensors
 */
export async function openZipCheckpoint(file: OpenFile): Promise<Checkpoint> {
  const archive = await openZip(file);
  const [pickle, length] =
    [...archive.lengths].find(([entry]) => /^(?:[^/]+\/)?data\.pkl$/.test(entry)) ?? [];
  if (pickle === undefined || length === undefined)
    throw new RevelaError(
      `${file.name} is a ZIP archive without data.pkl, so no PyTorch checkpoint; give a .pth, .pt, .ckpt or .safetensors file`,
    );
  if (length > longestPickle)
    throw new RevelaError(
      `${file.name}: its pickle would be ${length} bytes long, at most ${longestPickle} are read; save its state dict alone`,
    );
  const folder = pickle.slice(0, -'data.pkl'.length);
  await refuseBigEndian(file.name, archive, `${folder}byteorder`);
  const value = unpickleWhole(new Uint8Array(await archive.read(pickle, length)), workOn(file.name));
  return {
    format: archive.lengths.has(`${folder}constants.pkl`) ? 'torchscript' : 'pytorch',
    value,
    readStorage: ({ key, byteLength }) => archive.read(`${folder}data/${key}`, byteLength),
  };
}

type Archive = Awaited<ReturnType<typeof openZip>>;

async function refuseBigEndian(name: string, archive: Archive, entry: string): Promise<void> {
  const length = archive.lengths.get(entry);
  if (length !== 'big'.length) return;
  if (new TextDecoder().decode(await archive.read(entry, length)) === 'big')
    throw new RevelaError(`${name} holds big-endian numbers; save it on another machine, or as safetensors`);
}
