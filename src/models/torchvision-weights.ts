import type { TensorValue } from '../tensor/index.js';
import { modelPath, readWeightsFile } from '../weights/index.js';
import { type TorchvisionNetwork, torchvisionParameters } from './torchvision-parameters.js';

/**
 * Reads the convolutions of a network from torchvision's weights (keys `features.N.…`, with or without the classifier), as
 * safetensors or a PyTorch file, in any precision, with any prefix before all names.
 *
 * @returns parameters of the network, by state-dict key
 * @throws RevelaError, one line, for a file that holds something else, tensors of another shape, NaN or infinity
 */
export async function loadTorchvision(
  named: string,
  network: TorchvisionNetwork,
): Promise<Readonly<Record<string, TensorValue>>> {
  const path = await modelPath(named);
  const { tensors } = await readWeightsFile(path, { recognises: network.recognises });
  return torchvisionParameters(path, tensors, network);
}
