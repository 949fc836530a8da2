import { expect, test } from 'vitest';
import { buffersOf } from '#src/handed-over.js';

test('what is handed over in place of being copied are whole buffers, once each, wherever they lie in an answer', () => {
  const [shallow, deep, whole] = [new Float32Array(2), new Uint8ClampedArray(8), new Uint8Array(9)];
  const reply = {
    answer: { layers: [{ detail: 0, image: { data: deep, width: 1, height: 2 } }] },
    shallow,
    again: [shallow],
    part: whole.subarray(1),
    shared: new Uint8Array(new SharedArrayBuffer(4)),
    text: 'no buffer',
    nothing: undefined,
  };
  expect(buffersOf(reply)).toEqual([deep.buffer, shallow.buffer]);
});
