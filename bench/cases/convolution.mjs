import { compare } from '../compare.mjs';
import { library, revela } from './contestants.mjs';

const shape = { batch: 8, channels: 64, size: 64 };
const forwardFlops = 2 * 9 * shape.batch * (shape.channels * shape.size) ** 2;

/** How many times faster than these libraries training convolutions have to be. */
const TARGET = 100;

const plans = [
  { title: 'forward', gradients: [], libraries: ['tfjs', 'jaxjs'] },
  { title: 'forward and input gradient', gradients: ['input'], libraries: ['tfjs'] },
  {
    title: 'forward, input and weight gradient',
    gradients: ['input', 'weight'],
    libraries: ['tfjs', 'jaxjs'],
    target: TARGET,
    remark:
      "TensorFlow.js's WASM backend has no weight gradient: it comes from its plain JavaScript backend, for 1 image of the 8, times 8.",
  },
];

/** A library as a contestant. The slow ones run few times; jax-js compiles in its first run. */
function contestant(name, workload, quick) {
  const plain = workload.gradients.includes('weight');
  if (name === 'tfjs') {
    const title = plain ? 'TensorFlow.js, WASM and plain' : 'TensorFlow.js, WASM';
    return library(title, 'tfjs.mjs', workload, { needsNoWarmUp: plain });
  }
  return library('jax-js, WASM', 'jaxjs.mjs', { ...workload, images: quick ? 1 : shape.batch });
}

/** A 3×3 convolution, against the JavaScript libraries that one could train with in Node. */
export async function convolutions({ device, quick, note }) {
  const tables = [];
  for (const { title, gradients, libraries, target, remark } of plans) {
    const workload = { kind: 'convolution', ...shape, gradients };
    const flops = forwardFlops * (1 + gradients.length);
    const rows = [];
    // Each library apart, so that the slowest does not decide how often the others run.
    for (const name of libraries) {
      const slow = name === 'jaxjs' || gradients.includes('weight');
      const competitors = [revela(device, workload), contestant(name, workload, quick)];
      const rounds = slow ? (quick || name === 'tfjs' ? 1 : 2) : quick ? 5 : 11;
      const [own, other] = await compare(competitors, { rounds, warmUps: slow ? 1 : 3, note });
      if (rows.length === 0) rows.push({ ...own, flops });
      rows.push({ ...other, flops });
    }
    tables.push({
      title: `3×3 convolution, ${shape.batch} images, ${shape.channels} channels, ${shape.size}²: ${title}`,
      advantage: true,
      ...(target === undefined ? {} : { targets: [{ of: 'advantage', atLeast: target }] }),
      ...(remark === undefined ? {} : { remark }),
      rows,
    });
  }
  return tables;
}
