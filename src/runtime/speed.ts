import { compile } from '../compile/index.js';
import type { Program, Shape, Tensor, TensorValue } from '../tensor/index.js';
import { conv2d, elementCount, matmul, sum, trace } from '../tensor/index.js';
import type { Runtime } from './runtime.js';

/** A first run this long, in milliseconds, is a measurement already: nothing is gained by repeating it. */
const LONG = 300;

/** Numbers around zero that are the same each time; `scale` keeps chains of products from growing. */
export function wave(shape: Shape, scale = 0.3): TensorValue {
  const data = Float32Array.from({ length: elementCount(shape) }, (_, i) => Math.sin(i * 1.7) * scale);
  return { data, shape, dtype: 'float32' };
}

/** Runs `links` of an operation in one program, so that the cost of starting a run does not count. */
function chain(x: Shape, weight: Shape, links: number, link: (x: Tensor, weight: Tensor) => Tensor): Program {
  return trace(({ input }) => {
    const w = input('weight', weight);
    let y = input('x', x);
    for (let i = 0; i < links; i++) y = link(y, w);
    return { y: sum(y) };
  });
}

/** Seconds of the fastest of a few runs, with everything already on the device. */
async function secondsOf(runtime: Runtime, program: Program, feeds: Readonly<Record<string, TensorValue>>) {
  const executable = await runtime.load(compile(program, runtime.device));
  const resident = Object.fromEntries(
    await Promise.all(
      Object.entries(feeds).map(async ([name, value]) => [name, await runtime.upload(value)] as const),
    ),
  );
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 4; run++) {
    const start = performance.now();
    await executable.run(resident);
    best = Math.min(best, performance.now() - start);
    if (run === 0 && best > LONG) break;
  }
  for (const tensor of Object.values(resident)) tensor.release();
  await executable.release();
  return best / 1000;
}

/** GFLOP/s in chains of an operation; long chains only where a short one took no time. */
async function rate(
  runtime: Runtime,
  flops: number,
  x: Shape,
  weight: Shape,
  link: (x: Tensor, weight: Tensor) => Tensor,
): Promise<number> {
  const feeds = { x: wave(x), weight: wave(weight, 0.02) };
  const once = await secondsOf(runtime, chain(x, weight, 1, link), feeds);
  if (once * 1000 > LONG) return flops / once / 1e9;
  const links = 8;
  return (links * flops) / (await secondsOf(runtime, chain(x, weight, links, link), feeds)) / 1e9;
}

/** Billions of operations per second in 3×3 convolutions of 64 channels on 96 × 96 pixels. */
export function convolutionSpeed(runtime: Runtime): Promise<number> {
  const [size, channels] = [96, 64];
  return rate(
    runtime,
    2 * 9 * channels * channels * size * size,
    [1, channels, size, size],
    [channels, channels, 3, 3],
    (x, weight) => conv2d(x, weight, undefined, { padding: 1 }),
  );
}

/** Billions of operations per second in products of 512 × 512 matrices. */
export function matmulSpeed(runtime: Runtime): Promise<number> {
  const size = 512;
  return rate(runtime, 2 * size ** 3, [size, size], [size, size], (x, weight) => matmul(x, weight));
}
