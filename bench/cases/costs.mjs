import { compile, measuredCosts } from '#src/compile/index.js';
import { createRuntime } from '#src/runtime/node/index.js';
import {
  constant,
  conv2d,
  convolutionInputGradient,
  elementCount,
  gelu,
  gradientsOf,
  trace,
} from '#src/tensor/index.js';
import { noiseTensor } from '../peers/revela/noise.mjs';
import { median, spread } from '../statistics.mjs';

const square = (side) => [side, side];
const geometry = { stride: [1, 1], dilation: [1, 1], padding: [1, 1, 1, 1], groups: 1 };

/** A 3×3 convolution of one picture whose weight is fed. */
const convolution = (channels, side) =>
  trace(({ input }) => ({
    y: conv2d(input('x', [1, channels, ...square(side)]), input('w', [channels, channels, 3, 3]), undefined, {
      padding: 1,
    }),
  }));

/** Its gradient in the picture. */
const inputGradient = (channels, side) =>
  trace(({ input }) => {
    const shape = [1, channels, ...square(side)];
    return {
      gradient: convolutionInputGradient(
        input('g', shape),
        input('w', [channels, channels, 3, 3]),
        geometry,
        shape,
      ),
    };
  });

/** Two 1×1 convolutions with an activation between them. */
const mixing = (side, batch = 25) =>
  trace(({ input }) => {
    const [w, v] = [input('w', [128, 64, 1, 1]), input('v', [64, 128, 1, 1])];
    return { y: conv2d(gelu(conv2d(input('x', [batch, 64, ...square(side)]), w)), v) };
  });

const depthwise = (side) =>
  trace(({ input }) => ({
    y: conv2d(input('x', [25, 128, ...square(side)]), input('w', [128, 1, 3, 3]), undefined, {
      padding: 1,
      groups: 128,
    }),
  }));

const toFew = (out) =>
  trace(({ input }) => ({
    y: conv2d(input('x', [4, 64, 64, 64]), input('w', [out, 64, 3, 3]), undefined, { padding: 1 }),
  }));

const weightGradient = (side) =>
  trace(({ input }) => {
    const w = input('w', [128, 128, 3, 3]);
    const y = conv2d(input('x', [25, 128, ...square(side)]), w, undefined, { padding: 1 });
    return { gradient: gradientsOf(y, [w], input('g', y.shape))[0] };
  });

/** Convolutions in a row whose weights are known. */
const known = (channels, side) =>
  trace(({ input }) => {
    const weight = [channels, channels, 3, 3];
    let y = input('x', [1, channels, ...square(side)]);
    for (let i = 0; i < 3; i++) {
      const numbers = Float32Array.from(
        { length: elementCount(weight) },
        (_, k) => Math.sin(k * 1.7 + i) / channels,
      );
      y = conv2d(y, constant(numbers, weight), undefined, { padding: 1 });
    }
    return { y };
  });

/** No limit that any size reaches, either way. */
const [ALWAYS, NEVER] = [0, 1e12];

/**
 * A limit: what each way costs, from sizes well below it to well above. `at` is what is compared with the limit; `ways` are the costs
 * that lead to the one way and to the other.
 */
const limits = [
  {
    cost: 'blockedPixels.forward',
    limit: measuredCosts.blockedPixels.forward,
    ways: [
      { blockedPixels: { forward: ALWAYS, backward: ALWAYS } },
      { blockedPixels: { forward: NEVER, backward: NEVER } },
    ],
    ratioOf: 'blocked ÷ plain',
    sizes: [8, 12, 16, 20, 32].map((side) => ({ at: side * side, program: convolution(256, side) })),
  },
  {
    cost: 'blockedPixels.backward',
    limit: measuredCosts.blockedPixels.backward,
    ways: [
      { blockedPixels: { forward: ALWAYS, backward: ALWAYS } },
      { blockedPixels: { forward: NEVER, backward: NEVER } },
    ],
    ratioOf: 'blocked ÷ plain',
    sizes: [4, 6, 8, 12, 16].map((side) => ({ at: side * side, program: inputGradient(256, side) })),
  },
  {
    cost: 'transposedPixels',
    limit: measuredCosts.transposedPixels,
    plain: true,
    ways: [{ transposedPixels: NEVER }, { transposedPixels: ALWAYS }],
    ratioOf: 'ConvTranspose ÷ Conv',
    sizes: [4, 6, 8, 12, 16].map((side) => ({ at: side * side, program: inputGradient(256, side) })),
  },
  {
    cost: 'batchLastPixels',
    limit: measuredCosts.batchLastPixels,
    plain: true,
    ways: [{ batchLastPixels: NEVER, mixedPixels: NEVER }, { batchLastPixels: ALWAYS }],
    ratioOf: 'batch last ÷ plain',
    sizes: [2, 4, 8, 12, 16].map((side) => ({ at: side * side, program: mixing(side) })),
  },
  {
    cost: 'mixedPixels',
    limit: measuredCosts.mixedPixels,
    plain: true,
    ways: [{ mixedPixels: NEVER }, { mixedPixels: ALWAYS }],
    ratioOf: 'one product ÷ Conv',
    sizes: [1, 2, 3, 4, 6].map((side) => ({ at: side * side, program: mixing(side, 64) })),
  },
  {
    cost: 'depthwisePairs',
    limit: measuredCosts.depthwisePairs,
    plain: true,
    ways: [{ depthwisePairs: NEVER }, { depthwisePairs: ALWAYS }],
    ratioOf: 'pairs ÷ Conv',
    sizes: [4, 6, 8, 10, 12].map((side) => ({ at: side ** 4, program: depthwise(side) })),
  },
  {
    cost: 'fewChannels',
    limit: measuredCosts.fewChannels,
    plain: true,
    ways: [{ fewChannels: NEVER, manyTimesFew: ALWAYS }, { fewChannels: ALWAYS }],
    ratioOf: 'taps ÷ Conv',
    sizes: [1, 3, 8, 12, 16].map((out) => ({ at: out, program: toFew(out) })),
  },
  {
    cost: 'manyTimesFew × fewChannels',
    limit: measuredCosts.manyTimesFew * measuredCosts.fewChannels,
    plain: true,
    ways: [{ manyTimesFew: ALWAYS }, { fewChannels: ALWAYS }],
    ratioOf: 'taps ÷ Conv',
    sizes: [8, 16, 32, 64].map((into) => ({
      at: into,
      program: trace(({ input }) => ({
        y: conv2d(input('x', [4, into, 64, 64]), input('w', [3, into, 3, 3]), undefined, { padding: 1 }),
      })),
    })),
  },
  {
    cost: 'stripPixels',
    limit: measuredCosts.stripPixels,
    ways: [{ stripPixels: ALWAYS }, { stripPixels: 64 }],
    ratioOf: 'an image as one strip ÷ strips of 64',
    sizes: [8, 10, 12, 16, 22].map((side) => ({ at: side * side, program: weightGradient(side) })),
  },
  {
    cost: 'stripOverlap',
    limit: measuredCosts.stripOverlap,
    ways: [{ stripOverlap: 0.02 }, { stripOverlap: 0.5 }],
    ratioOf: 'short strips ÷ long ones',
    sizes: [16, 32].map((side) => ({ at: side, program: weightGradient(side) })),
  },
  {
    cost: 'winogradTransform',
    limit: measuredCosts.winogradTransform,
    ways: [{ winogradTransform: ALWAYS, winogradPixels: ALWAYS }, { winogradTransform: NEVER }],
    ratioOf: 'Winograd ÷ direct',
    // out · into · saved > cost · (into + out), half of the products being saved.
    sizes: [32, 64, 96, 128, 256].map((channels) => ({ at: channels / 4, program: known(channels, 64) })),
  },
  {
    cost: 'winogradPixels',
    limit: measuredCosts.winogradPixels,
    ways: [{ winogradTransform: ALWAYS, winogradPixels: ALWAYS }, { winogradTransform: NEVER }],
    ratioOf: 'Winograd ÷ direct',
    sizes: [8, 12, 16, 24, 32].map((side) => ({ at: side * side, program: known(256, side) })),
  },
];

/** A program by one way, ready to run. */
async function prepared(runtime, program, target, costs) {
  const model = compile(program, target, { ...measuredCosts, ...costs });
  const executable = await runtime.load(model, { optimization: 'training' });
  const feeds = {};
  for (const { name, shape } of executable.inputs) feeds[name] = await runtime.upload(noiseTensor(shape));
  return {
    run: async () => {
      const start = performance.now();
      await executable.run(feeds);
      return (performance.now() - start) / 1000;
    },
    release: async () => {
      for (const tensor of Object.values(feeds)) tensor.release();
      await executable.release();
    },
  };
}

/** Both ways of one size, in turns. */
async function row(runtime, { program, at }, target, ways, rounds) {
  const both = [];
  for (const costs of ways) both.push(await prepared(runtime, program, target, costs));
  const seconds = both.map(() => []);
  for (let round = -2; round < rounds; round++)
    for (const [i, { run }] of both.entries()) {
      const taken = await run();
      if (round >= 0) seconds[i].push(taken);
    }
  for (const { release } of both) await release();
  const [one, other] = seconds;
  return {
    name: `at ${at}`,
    at,
    seconds: { median: median(one), min: Math.min(...one), runs: one },
    ratio: spread(one.map((own, i) => own / other[i])),
  };
}

/** Where the ratio goes through 1, as far as the sizes tell. */
function crossing(rows) {
  for (const [i, next] of rows.entries()) {
    const before = rows[i - 1];
    if (before !== undefined && before.ratio.median > 1 !== next.ratio.median > 1)
      return `The ways cross between ${before.at} and ${next.at}.`;
  }
  return 'The ways do not cross here.';
}

/** Every limit of the compiler's plan (`src/compile/plan/costs.ts`): both ways at sizes around it. */
export async function compilerCosts({ quick, note }) {
  const runtime = await createRuntime({ device: 'cpu' });
  try {
    const { block } = await runtime.target();
    const tables = [];
    for (const { cost, limit, ways, ratioOf, sizes, plain } of limits) {
      if (block === undefined && !plain) continue;
      const target = plain ? { device: 'cpu' } : { device: 'cpu', block };
      const rows = [];
      for (const size of sizes) {
        note(`${cost} at ${size.at}`);
        rows.push(await row(runtime, size, target, ways, quick ? 5 : 15));
      }
      tables.push({ title: `${cost}, now ${limit}`, ratioOf, rows, remark: crossing(rows) });
    }
    return tables;
  } finally {
    await runtime.close();
  }
}
