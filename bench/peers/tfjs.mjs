import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { answer, secondsOf } from './answer.mjs';

// Silences its advice to install another package.
tf.env().set('PROD', true);

/** Images of the batch that the plain JavaScript backend does; it takes seconds for each, and as long for every one. */
const PLAIN_IMAGES = 1;

/** A gradient of the convolution, as TensorFlow.js's own differentiation calls it. */
function gradient(name, inputs, attributes) {
  const geometry = { strides: 1, pad: 'same', dataFormat: 'NHWC', dimRoundingMode: undefined };
  return tf.engine().runKernel(name, inputs, { ...geometry, ...attributes });
}

/** Random tensors that lie where `backend` keeps its own, so that moving them is no part of the measurement. */
async function tensorsOn(backend, imageShape, filterShape) {
  await tf.setBackend(backend);
  const tensors = {
    x: tf.randomUniform(imageShape),
    dy: tf.randomUniform(imageShape),
    filter: tf.randomUniform(filterShape),
  };
  for (const tensor of Object.values(tensors)) await tensor.data();
  return tensors;
}

/**
 * Forward and input gradient run in the WASM backend. That has no kernel for the weight gradient, so it runs in the only
 * other backend that Node has, plain JavaScript, on some images of the batch: the time for all is in proportion.
 */
async function convolution({ batch, channels, size, gradients }) {
  const imageShape = [batch, size, size, channels];
  const filterShape = [3, 3, channels, channels];
  const plain = await tensorsOn('cpu', [PLAIN_IMAGES, size, size, channels], filterShape);
  const wasm = await tensorsOn('wasm', imageShape, filterShape);
  const inWasm = () => {
    const { x, dy, filter } = wasm;
    tf.conv2d(x, filter, 1, 'same').dispose();
    if (gradients.includes('input'))
      gradient('Conv2DBackpropInput', { dy, filter }, { inputShape: imageShape }).dispose();
  };
  const inPlain = () => {
    const { x, dy } = plain;
    gradient('Conv2DBackpropFilter', { x, dy }, { filterShape }).dispose();
  };
  return async () => {
    await tf.setBackend('wasm');
    const seconds = await secondsOf(inWasm);
    if (!gradients.includes('weight')) return seconds;
    await tf.setBackend('cpu');
    return seconds + ((await secondsOf(inPlain)) * batch) / PLAIN_IMAGES;
  };
}

await answer(async ({ kind: _, ...workload }) => ({ run: await convolution(workload) }));
