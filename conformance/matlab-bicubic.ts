import type { TensorValue } from '#src/tensor/index.js';
import { bicubicResize } from '#src/pixels/index.js';
import { crop } from '#src/upscale/index.js';
import { type Check, expectTensor, type Fixture, relativeError } from './fixture.js';

/** Only float32 pictures `[1, channels, height, width]` are resized. */
function samplesOf({ data, shape }: TensorValue): {
  samples: Float32Array;
  channels: number;
  height: number;
  width: number;
} {
  const [batch, channels = 0, height = 0, width = 0] = shape;
  if (!(data instanceof Float32Array) || batch !== 1) throw new Error('the file holds no float32 pictures');
  return { samples: data, channels, height, width };
}

/** The top-left part of the picture that the name of a tensor speaks of, or all of it. */
function partOf(name: string, input: TensorValue): ReturnType<typeof samplesOf> {
  const whole = samplesOf(input);
  const [, rows, columns] = /_of_top_left_(\d+)x(\d+)$/.exec(name) ?? [];
  const height = Number(rows ?? whole.height);
  const width = Number(columns ?? whole.width);
  const part = crop({ ...whole, data: whole.samples }, { left: 0, top: 0, width, height });
  return { ...part, samples: part.data, height, width };
}

/** Compares MATLAB's bicubic at every scale of the file. */
export async function matlabBicubic(fixture: Fixture): Promise<Check[]> {
  const input = expectTensor(fixture, 'input');
  return Object.entries(fixture.tensors)
    .filter(([name]) => name !== 'input')
    .map(([name, expected]) => {
      const part = partOf(name, input);
      const { height, width } = samplesOf(expected);
      const data = bicubicResize(part.samples, part, { height, width });
      const actual: TensorValue = { dtype: 'float32', shape: [1, part.channels, height, width], data };
      return { what: name, error: relativeError(actual, expected), tolerance: 1e-6 };
    });
}
