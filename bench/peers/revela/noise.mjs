/** Numbers in [0, 1) that fill a tensor; what they are does not matter, that they are not all equal does. */
export function noise(length) {
  const data = new Float32Array(length);
  let state = 1;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    data[i] = state / 2 ** 32;
  }
  return data;
}

/** {@link noise} as a tensor, around 0. */
export function noiseTensor(shape, scale = 1) {
  const data = noise(shape.reduce((product, extent) => product * extent, 1));
  return { data: data.map((value) => (value - 0.5) * scale), shape, dtype: 'float32' };
}
