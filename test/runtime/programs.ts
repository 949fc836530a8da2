import { type CompiledModel, compile } from '#src/compile/index.js';
import type { DeviceName } from '#src/runtime/index.js';
import { add, conv2d, type Shape, sum, type TensorValue, trace } from '#src/tensor/index.js';

/** `[length]` float32 numbers as a tensor of the given shape. */
export function floats(shape: Shape, value: (index: number) => number = (i) => Math.sin(i)) {
  const length = shape.reduce((product, extent) => product * extent, 1);
  return {
    data: Float32Array.from({ length }, (_, i) => value(i)),
    shape,
    dtype: 'float32',
  } satisfies TensorValue;
}

/** x, y → total = x + y and its sum. */
export function additionModel(shape: Shape, device: DeviceName = 'cpu'): CompiledModel {
  return compile(
    trace(({ input }) => {
      const total = add(input('x', shape), input('y', shape));
      return { total, sum: sum(total) };
    }),
    { device },
  );
}

/** Convolutions enough to keep two cores busy for some hundred milliseconds; fed by `x` and `weight`. */
export const longFeeds = {
  x: floats([1, 64, 128, 128]),
  weight: floats([64, 64, 3, 3], (i) => Math.sin(i) / 50),
};

export function longModel(): CompiledModel {
  return compile(
    trace(({ input }) => {
      const weight = input('weight', longFeeds.weight.shape);
      let y = input('x', longFeeds.x.shape);
      for (let i = 0; i < 12; i++) y = conv2d(y, weight, undefined, { padding: 1 });
      return { y: sum(y) };
    }),
  );
}
