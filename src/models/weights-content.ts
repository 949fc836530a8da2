import type { NetworkTask, NetworkWeights } from '../networks/index.js';
import type { SafetensorsContent } from '../weights/anywhere.js';
import { storedParameters } from './float32-parameters.js';
import { present } from '../present.js';

/** What files of weights say that they are. */
const formats: Readonly<Record<NetworkTask, string>> = {
  denoise: 'revela-denoiser-1',
  upscale: 'revela-upscaler-1',
  score: 'revela-scorer-1',
};

/** What a file of weights holds. */
export function weightsContent(
  task: NetworkTask,
  { method, description, parameters, record, licence }: NetworkWeights,
): SafetensorsContent {
  const metadata = {
    format: formats[task],
    ...present({ method }),
    architecture: description.architecture,
    config: JSON.stringify(description.config),
    training: JSON.stringify(record),
    licence,
  };
  return { tensors: storedParameters(parameters), metadata };
}
