import type { UpscalerWeights } from '#src/api/index.js';
import {
  architectureOf,
  type NetworkConfig,
  networkParameters,
  spanArchitecture,
} from '#src/networks/index.js';
import { createRandom, initialiseParameters } from '#src/nn/index.js';
import { elementCount, type Shape } from '#src/tensor/index.js';

/** A network that enlarges and was never trained, but answers with lively numbers around the middle of [0, 1]. */
export function randomUpscaler(name: 'srvggnet' | 'rrdbnet', config: NetworkConfig): UpscalerWeights {
  const description = architectureOf(name)?.ofConfig(config);
  if (description === undefined) throw new Error(`there is no ${name}`);
  const random = createRandom(3, 8);
  const declared = [...networkParameters(description)];
  const last = declared.findLast(([key]) => key.endsWith('.weight'))?.[0] ?? '';
  const drawn = (key: string, shape: Shape): Float32Array => {
    const length = elementCount(shape);
    // Slopes of activations lie between 0 and 1; an RRDBNet adds nothing to the picture, so that it needs a middle of its own.
    const middle = key === 'conv_last.bias' ? 0.5 : 0;
    if (shape.length === 1)
      return Float32Array.from({ length }, () => (key.endsWith('bias') ? middle : random.uniform()));
    const bound =
      (key !== last ? 1.1 : name === 'rrdbnet' ? 1 : 0.3) * Math.sqrt(4 / elementCount(shape.slice(1)));
    return Float32Array.from({ length }, () => bound * (2 * random.uniform() - 1));
  };
  const parameters = Object.fromEntries(
    declared.map(([key, { shape }]) => [key, { data: drawn(key, shape), shape, dtype: 'float32' as const }]),
  );
  return { description, parameters, record: { steps: 3 }, licence: 'CC0-1.0' };
}

/** SPAN as it begins, near the enlarged picture, and little of what its blocks say. */
function freshSpan(config: NetworkConfig): UpscalerWeights {
  const description = spanArchitecture.ofConfig(config);
  const parameters = initialiseParameters(networkParameters(description), 6);
  return { description, parameters, record: { steps: 3 }, licence: 'CC0-1.0' };
}

/** Small networks of every kind. */
export const smallUpscalers = {
  'SRVGGNet ×4': randomUpscaler('srvggnet', { num_feat: 8, num_conv: 2, upscale: 4 }),
  'SRVGGNet ×3': randomUpscaler('srvggnet', { num_feat: 8, num_conv: 1, upscale: 3 }),
  'RRDBNet ×4': randomUpscaler('rrdbnet', { nf: 8, nb: 1, gc: 4, sf: 4 }),
  'RRDBNet ×2': randomUpscaler('rrdbnet', { nf: 8, nb: 1, gc: 4, sf: 2 }),
  'RRDBNet ×2, un-shuffling': randomUpscaler('rrdbnet', { nf: 8, nb: 1, gc: 4, sf: 2, names: 'real-esrgan' }),
  'RRDBNet ×1, un-shuffling': randomUpscaler('rrdbnet', { nf: 8, nb: 1, gc: 4, sf: 1, names: 'real-esrgan' }),
  'SPAN ×2': freshSpan({ feature_channels: 8, upscale: 2, norm: false }),
} as const;
