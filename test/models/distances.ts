import { alexnetParameters, squeezenetParameters, vgg16Parameters } from '#src/networks/index.js';
import { createRandom, type ParameterDeclarations } from '#src/nn/index.js';
import { distsWeightShapes, lpipsHeadShapes, type LpipsNetwork } from '#src/quality/index.js';
import type { Shape, TensorValue } from '#src/tensor/index.js';
import { elementCount } from '#src/tensor/index.js';
import type { StoredTensor } from '#src/weights/index.js';

const backbones: Readonly<Record<LpipsNetwork, () => ParameterDeclarations>> = {
  alex: alexnetParameters,
  vgg: vgg16Parameters,
  squeeze: squeezenetParameters,
};

/** Made weights of the network that LPIPS looks through: as wide as He's, of even distribution, which is drawn sooner. */
export function madeBackbone(network: LpipsNetwork): Readonly<Record<string, TensorValue>> {
  const entries = [...backbones[network]()].map(([key, { shape }], k) => {
    const random = createRandom(7, k);
    const bound = shape.length > 1 ? Math.sqrt(6 / elementCount(shape.slice(1))) : 0.1;
    const data = Float32Array.from({ length: elementCount(shape) }, () => bound * (2 * random.uniform() - 1));
    return [key, { data, shape, dtype: 'float32' as const }] as const;
  });
  return Object.fromEntries(entries);
}

/** Positive numbers that are all different. */
function made(shapes: ReadonlyMap<string, Shape>): Record<string, TensorValue> {
  return Object.fromEntries(
    [...shapes].map(([key, shape], k) => {
      const data = Float32Array.from({ length: elementCount(shape) }, (_, i) => 1 + Math.sin(i * 1.7 + k));
      return [key, { data, shape, dtype: 'float32' }];
    }),
  );
}

export const madeHeads = (network: LpipsNetwork): Record<string, TensorValue> =>
  made(lpipsHeadShapes(network));

export const madeDistsWeights = (): Record<string, TensorValue> => made(distsWeightShapes);

/** As the tensors of a file. */
export const stored = (values: Readonly<Record<string, TensorValue>>): Map<string, StoredTensor> =>
  new Map(
    Object.entries(values).map(([key, { data, shape }]) => [
      key,
      { dtype: 'F32', shape, data: Float32Array.from(data, Number) },
    ]),
  );
