import { fileURLToPath } from 'node:url';
import { type ClipConfig, clipStateDictShapes } from '#src/networks/index.js';
import { createRandom } from '#src/nn/index.js';
import { elementCount, type Shape } from '#src/tensor/index.js';
import { readSafetensors, type StoredTensor, writeSafetensors } from '#src/weights/index.js';

const fixture = fileURLToPath(new URL('../fixtures/networks/clip_resnet_small.safetensors', import.meta.url));

/** Writes the small CLIP of the fixtures as a file of its own. */
export async function writeSmallClip(path: string): Promise<void> {
  const { tensors } = await readSafetensors(fixture);
  const parameters = [...tensors].filter(([name]) => name.startsWith('param/'));
  await writeSafetensors(path, {
    tensors: new Map(parameters.map(([name, tensor]) => [name.slice('param/'.length), tensor])),
    metadata: {},
  });
}

/** A small CLIP that knows all of CLIP's words. */
const wordy: ClipConfig = {
  ...{ embed_dim: 16, image_resolution: 64, vision_layers: [1, 1, 1, 1], vision_width: 8 },
  ...{ context_length: 20, vocab_size: 49_408 },
  ...{ transformer_width: 16, transformer_heads: 1, transformer_layers: 2 },
};

/** Writes a CLIP with made numbers that reads English. */
export async function writeWordyClip(path: string): Promise<void> {
  const random = createRandom(5);
  const drawn = (key: string, shape: Shape): Float32Array => {
    const length = elementCount(shape);
    if (key === 'logit_scale') return Float32Array.of(Math.log(20));
    if (key.endsWith('running_var')) return Float32Array.from({ length }, () => 0.5 + random.uniform());
    const spread = shape.length > 1 ? Math.sqrt(2 / elementCount(shape.slice(1))) : 0.1;
    const middle = shape.length === 1 && key.endsWith('weight') ? 1 : 0;
    const size = key === 'token_embedding.weight' ? 1 : spread;
    return Float32Array.from({ length }, () => middle + size * random.normal());
  };
  const tensors = [...clipStateDictShapes(wordy)].map(([key, shape]): [string, StoredTensor] => [
    key,
    { dtype: 'F32', shape, data: drawn(key, shape) },
  ]);
  await writeSafetensors(path, { tensors: new Map(tensors), metadata: {} });
}
