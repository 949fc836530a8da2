import type { Program, Shape, Tensor, TensorValue } from '../tensor/index.js';
import { conv2d, elementCount, matmul, sum, trace } from '../tensor/index.js';
import type { Runtime } from './runtime.js';

/** A small run that takes this many milliseconds is a measurement already: a larger one would take minutes. */
const LONG = 100;

/** Runs of a program; the first, during which GPU programs are compiled, does not count. */
const RUNS = 4;

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
  const executable = await runtime.load(program);
  const resident = Object.fromEntries(
    await Promise.all(
      Object.entries(feeds).map(async ([name, value]) => [name, await runtime.upload(value)] as const),
    ),
  );
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < RUNS && !(run > 1 && best > LONG); run++) {
    const start = performance.now();
    await executable.run(resident);
    if (run > 0) best = Math.min(best, performance.now() - start);
  }
  for (const tensor of Object.values(resident)) tensor.release();
  await executable.release();
  return best / 1000;
}

/** An operation of some size, to be measured. */
interface Work {
  readonly flops: number;
  readonly x: Shape;
  readonly weight: Shape;
  readonly link: (x: Tensor, weight: Tensor) => Tensor;
}

async function rate(runtime: Runtime, { flops, x, weight, link }: Work, links: number): Promise<number> {
  const feeds = { x: wave(x), weight: wave(weight, 0.02) };
  return (links * flops) / (await secondsOf(runtime, chain(x, weight, links, link), feeds)) / 1e9;
}

/** GFLOP/s in a little work, or in much where a little took no time. */
async function speed(runtime: Runtime, workOfSize: (size: number) => Work, little: number, much: number) {
  const work = workOfSize(little);
  const first = await rate(runtime, work, 1);
  return work.flops / first / 1e6 > LONG ? first : rate(runtime, workOfSize(much), 8);
}

/** Billions of operations per second in 3×3 convolutions of 64 channels. */
export function convolutionSpeed(runtime: Runtime): Promise<number> {
  const channels = 64;
  const workOfSize = (size: number): Work => ({
    flops: 2 * 9 * channels * channels * size * size,
    x: [1, channels, size, size],
    weight: [channels, channels, 3, 3],
    link: (x, weight) => conv2d(x, weight, undefined, { padding: 1 }),
  });
  return speed(runtime, workOfSize, 32, 96);
}

/** Billions of operations per second in products of matrices. */
export function matmulSpeed(runtime: Runtime): Promise<number> {
  const workOfSize = (size: number): Work => ({
    flops: 2 * size ** 3,
    x: [size, size],
    weight: [size, size],
    link: (x, weight) => matmul(x, weight),
  });
  return speed(runtime, workOfSize, 256, 512);
}
