import { compile } from '#src/compile/index.js';
import type { NetworkDescription } from '#src/networks/index.js';
import { applyNetwork, declareParameters } from '#src/nn/index.js';
import type { Runtime } from '#src/runtime/index.js';
import type { TensorValue } from '#src/tensor/index.js';
import { elementCount, trace } from '#src/tensor/index.js';

/**
 * How far an output pixel looks at most along a row, in pixels of the input, measured: with weights that are all positive and no biases, a black
 * picture stays black but where it depends on the one bright pixel. That stands at every place of the network's grid in turn.
 */
export async function measuredReach(
  runtime: Runtime,
  { network, inputChannels, multiple, scale }: NetworkDescription,
  atMost: number,
): Promise<number> {
  const width = Math.ceil((2 * atMost + 1 + 4 * multiple) / multiple) * multiple;
  const middle = Math.floor(width / 2 / multiple) * multiple;
  const shape = [multiple, inputChannels, multiple, width];
  const parameters: Record<string, TensorValue> = {};
  for (const [key, { shape: of }] of declareParameters(network, shape)) {
    const value = of.length > 1 ? 1 / elementCount(of.slice(1)) : key.endsWith('bias') ? 0 : 1;
    const data = new Float32Array(elementCount(of)).fill(value);
    parameters[key] = { data, shape: of, dtype: 'float32' };
  }
  const program = trace(({ input, inputs }) => ({
    y: applyNetwork(network, inputs('p', parameters), input('x', shape)),
  }));
  const data = new Float32Array(elementCount(shape));
  const plane = multiple * width;
  for (let place = 0; place < multiple; place++) data[place * inputChannels * plane + middle + place] = 1e6;
  const executable = await runtime.load(compile(program));
  const used = new Set(executable.inputs.map(({ name }) => name));
  const feeds = Object.fromEntries(
    Object.entries(parameters).flatMap(([key, value]) => (used.has(`p/${key}`) ? [[`p/${key}`, value]] : [])),
  );
  const { fetched } = await executable.run({ ...feeds, x: { data, shape, dtype: 'float32' } });
  await executable.release();
  const { y } = fetched;
  if (y === undefined) throw new Error('no answer');
  const perImage = elementCount(y.shape.slice(1));
  let reach = 0;
  for (const [i, value] of y.data.entries()) {
    if (value === 0) continue;
    const bright = middle + Math.floor(i / perImage);
    const column = Math.floor((i % (width * scale)) / scale);
    reach = Math.max(reach, Math.abs(column - bright));
  }
  return reach;
}
