import { RevelaError } from '../errors.js';
import {
  clipConfigOf,
  type SemanticBackbone,
  type StateDictShapes,
  type TorchvisionBackbone,
  torchvisionBackbones,
} from '../networks/index.js';
import type { TensorValue } from '../tensor/index.js';
import { modelPath, readWeightsHeader } from '../weights/index.js';
import { few } from './expected-tensors.js';
import { type FrozenFile, frozenFile } from './frozen-file.js';
import { loadTorchvision } from './torchvision-weights.js';

/** A backbone that knows no text, as a run is told of it. */
export interface BackboneFile extends FrozenFile {
  readonly name: TorchvisionBackbone['name'];
}

/** A backbone with its numbers. */
export interface LoadedBackbone {
  readonly backbone: SemanticBackbone;
  readonly parameters: Readonly<Record<string, TensorValue>>;
}

const known = (shapes: StateDictShapes): TorchvisionBackbone | undefined =>
  torchvisionBackbones.find(({ recognises }) => recognises(shapes));

/**
 * Finds out which backbone a file holds, and settles on it.
 *
 * @param named a file, or a name that `revela models` knows
 * @throws RevelaError, one line, for a file that holds another network, or one that lacks stages
 */
export async function backboneFile(named: string): Promise<BackboneFile> {
  const path = await modelPath(named);
  const { tensors } = await readWeightsHeader(path, {
    recognises: (shapes) => known(shapes) !== undefined,
  });
  const shapes = Object.fromEntries([...tensors].map(([key, { shape }]) => [key, shape]));
  const backbone = known(shapes);
  if (backbone !== undefined) return { ...(await frozenFile(path)), name: backbone.name };
  if (clipConfigOf(shapes) !== undefined)
    throw new RevelaError(`${path} holds a CLIP: give it with \`clip\` instead of \`backbone\``);
  const titles = torchvisionBackbones.map(({ title }) => title).join(' nor ');
  throw new RevelaError(
    `${path} holds neither ${titles} with all of its convolutions; its first tensors are ${few(Object.keys(shapes))}; give ${torchvisionBackbones.map(({ wanted }) => wanted).join(', or ')}`,
  );
}

/** The backbone of that name. */
export function backboneNamed(name: TorchvisionBackbone['name']): TorchvisionBackbone {
  const found = torchvisionBackbones.find((one) => one.name === name);
  if (found === undefined) throw new RangeError(`there is no backbone ${name}`);
  return found;
}

/**
 * Reads a backbone.
 *
 * @throws RevelaError, one line, for a file that holds something else
 */
export async function loadBackbone({
  path,
  name,
}: Pick<BackboneFile, 'path' | 'name'>): Promise<LoadedBackbone> {
  const backbone = backboneNamed(name);
  const purpose = 'the discriminators are';
  return { backbone, parameters: await loadTorchvision(path, { ...backbone, purpose }) };
}
