// node bench/event-loop.mjs [--megapixels N] [--only PHASE] [--weights FOLDER] [--seconds N]: how long the caller's event loop is held while a
// picture is denoised, measured and enlarged. docs/measurements.md has the figures; the aims are the issue's: 99 of 100 delays
// below 50 ms, and none above 200 ms. Delays are those of a timer, other processes' turns among them; the longest work is the
// processor's time that the caller's thread took between two turns of its loop, on Linux. With --seconds each is stopped then: a
// large picture's tiles are all alike.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import * as revela from '../dist/index.js';
import { watchLoop } from './longest-work.mjs';
import { madeClip, madeIlNiqe, madeJudges, madeVgg16 } from './made-models.mjs';
import { machine, machineLine } from './machine.mjs';
import { tableLines } from './table.mjs';

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const { values } = parseArgs({
  options: {
    megapixels: { type: 'string', default: '12' },
    seconds: { type: 'string' },
    only: { type: 'string', multiple: true },
    weights: { type: 'string', default: join(project, '../shared/weights') },
  },
});
const height = Math.round(Math.sqrt((Number(values.megapixels) * 1e6 * 3) / 4));
const width = Math.round((height * 4) / 3);

/** A picture with noise, edges and a cast, so that everything has something to do. */
function drawn(noise) {
  const data = new Float32Array(3 * width * height);
  let state = 1;
  for (let channel = 0, i = 0; channel < 3; channel++)
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++, i++) {
        state = (Math.imul(state, 1664525) + 1013904223) | 0;
        const grain = noise * ((state >>> 8) / 2 ** 24 - 0.5);
        const form = 0.3 * Math.sin(x / 37 + channel) * Math.cos(y / 53) + (((x >> 6) + (y >> 6)) % 2) * 0.2;
        data[i] = Math.min(1, Math.max(0, 0.45 + form + grain));
      }
  return { width, height, channels: 3, data, bitDepth: 8, format: 'png', metadata: {} };
}

const folder = mkdtempSync(join(tmpdir(), 'revela-event-loop-'));
const file = (name) => join(folder, name);
const weight = (name) => join(values.weights, name);
const lpips = (network, backbone) => ({
  weights: weight(`lpips_v0.1_${network}.pth`),
  backbone: weight(backbone),
});

/** What is done, by name; each begins from files, as commands do. */
const phases = {
  async denoise(signal) {
    await revela.writePicture(
      file('clean.png'),
      await revela.denoise(file('noisy.png'), { adapt: false, signal }),
    );
  },
  async 'denoise --keep-detail'(signal) {
    const options = { adapt: false, keepDetail: true, bare: true, signal };
    await revela.writePicture(file('kept.png'), await revela.denoise(file('noisy.png'), options));
  },
  async compare(signal) {
    const metrics = ['psnr', 'psnr-y', 'ssim', 'ssim-y', 'ssim-uniform', 'ssim-reduced', 'ms-ssim'];
    await revela.compare(file('noisy.png'), file('truth.png'), { metrics, signal });
  },
  async 'compare lpips-alex'(signal) {
    const files = { alex: lpips('alex', 'alexnet-features.safetensors') };
    await revela.compare(file('noisy.png'), file('truth.png'), { metrics: ['lpips-alex'], files, signal });
  },
  async 'score revela'(signal) {
    await revela.score(file('noisy.png'), { signal });
  },
  async 'score niqe'(signal) {
    await revela.score(file('noisy.png'), { metric: 'niqe', signal });
  },
  async 'score brisque'(signal) {
    const brisqueModel = {
      model: weight('brisque_live_allmodel.svm'),
      range: weight('brisque_live_allrange.txt'),
    };
    await revela.score(file('noisy.png'), { metric: 'brisque', brisqueModel, signal });
  },
  async 'compare dists'(signal) {
    const files = { dists: { weights: weight('dists_weights.pt'), backbone: file('vgg16.safetensors') } };
    await revela.compare(file('noisy.png'), file('truth.png'), { metrics: ['dists'], files, signal });
  },
  async 'score il-niqe'(signal) {
    await revela.score(file('noisy.png'), {
      metric: 'il-niqe',
      ilNiqeModel: file('il-niqe.safetensors'),
      signal,
    });
  },
  async 'score clip-iqa'(signal) {
    await revela.score(file('noisy.png'), { metric: 'clip-iqa', clip: file('clip.safetensors'), signal });
  },
  async 'score sfd-iqa'(signal) {
    await revela.score(file('noisy.png'), { metric: 'sfd-iqa', judges: file('sfd'), signal });
  },
  async 'degrade real-world'(signal) {
    await revela.writePicture(
      file('small.png'),
      await revela.degrade(file('truth.png'), { kind: 'real-world', signal }),
    );
  },
  async upscale(signal) {
    await revela.writePicture(file('large.png'), await revela.upscale(file('noisy.png'), { signal }));
  },
};

/** What is made before the watch begins. */
const needs = {
  'compare dists': madeVgg16,
  'score il-niqe': madeIlNiqe,
  'score clip-iqa': madeClip,
  'score sfd-iqa': madeJudges,
};

const milliseconds = (nanoseconds) => `${(nanoseconds / 1e6).toFixed(0)} ms`;
const rows = [];
try {
  console.log(machineLine(machine()));
  for (const [name, noise] of [
    ['noisy.png', 0.2],
    ['truth.png', 0],
  ])
    await revela.writePicture(file(name), drawn(noise));
  for (let [name, work] of Object.entries(phases)) {
    if (values.only !== undefined && !values.only.includes(name)) continue;
    if (!existsSync(values.weights) && /lpips|brisque|dists/.test(name)) {
      console.log(`skipped ${name}: ${values.weights} does not exist`);
      continue;
    }
    await needs[name]?.(folder);
    const longest = watchLoop();
    const delays = monitorEventLoopDelay({ resolution: 10 });
    const began = performance.now();
    delays.enable();
    const stop =
      values.seconds === undefined ? undefined : AbortSignal.timeout(1000 * Number(values.seconds));
    await work(stop).catch((error) => {
      if (error !== stop?.reason) throw error;
      name += ', begun';
    });
    delays.disable();
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    const memory = `${Math.round(process.resourceUsage().maxRSS / 1024)} MiB`;
    rows.push([
      name,
      `${seconds} s`,
      milliseconds(delays.percentile(50)),
      milliseconds(delays.percentile(99)),
      milliseconds(delays.max),
      milliseconds(longest() * 1e6),
      memory,
    ]);
    console.error(rows.at(-1).join('  '));
  }
  const headings = [
    `${width} × ${height}`,
    'took',
    'half below',
    '99 of 100 below',
    'longest',
    'longest work',
    'most resident so far',
  ];
  for (const line of tableLines(headings, rows)) console.log(line);
} finally {
  rmSync(folder, { recursive: true });
}
