import * as tf from '@tensorflow/tfjs';
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-backend-wasm';
import { answer, secondsOf } from './answer.mjs';

tf.env().set('PROD', true);

/** Gradients of a convolution as TensorFlow.js's own differentiation calls them. */
function gradientKernel(name, inputs, attributes) {
  return tf.engine().runKernel(name, inputs, {
    strides: 1,
    pad: 'same',
    dataFormat: 'NHWC',
    dimRoundingMode: undefined,
    ...attributes,
  });
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
 * other backend that Node has, the plain JavaScript one.
 */
async function convolution({ batch, channels, size, backward }) {
  const imageShape = [batch, size, size, channels];
  const filterShape = [3, 3, channels, channels];
  const plain = await tensorsOn('cpu', imageShape, filterShape);
  const wasm = await tensorsOn('wasm', imageShape, filterShape);
  const disposing = (tensor) => tensor.dispose();
  return async () => {
    await tf.setBackend('wasm');
    let seconds = await secondsOf(() => {
      disposing(tf.conv2d(wasm.x, wasm.filter, 1, 'same'));
      if (!backward) return;
      const { dy, filter } = wasm;
      disposing(gradientKernel('Conv2DBackpropInput', { dy, filter }, { inputShape: imageShape }));
    });
    if (backward) {
      await tf.setBackend('cpu');
      const { x, dy } = plain;
      seconds += await secondsOf(() =>
        disposing(gradientKernel('Conv2DBackpropFilter', { x, dy }, { filterShape })),
      );
    }
    return seconds;
  };
}

await answer(async ({ kind: _, ...workload }) => ({
  run: await convolution(workload),
  facts: { version: tf.version_core },
}));
