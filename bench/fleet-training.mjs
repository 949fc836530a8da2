// node bench/fleet-training.mjs [--kinds sdap,student] [--members 1,2] [--local 0,1,10] [--samples 400] [--noisy FOLDER --clean FOLDER] [--json]:
// trains the same number of patches by one process alone, and over machines that are processes of this one, each of one thread, with a Redis of its
// own: members M, local steps H (0: gradients are added in every step). Prints what was learnt and how long it took. Without folders the pictures are
// made. A core for each member is needed for figures of speed that mean something; the line over the table says what was there. Build first.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { distill, trainDenoiser } from '../dist/api/index.js';
import { openTeam } from '../dist/fleet/index.js';
import { processorSeconds } from './fleet/processor-seconds.mjs';
import { startRedis } from './fleet/redis.mjs';

const { values: given } = parseArgs({
  options: {
    kinds: { type: 'string', default: 'sdap' },
    members: { type: 'string', default: '1,2' },
    local: { type: 'string', default: '0,1,10' },
    samples: { type: 'string', default: '400' },
    patch: { type: 'string', default: '80' },
    noisy: { type: 'string' },
    clean: { type: 'string' },
    seed: { type: 'string', default: '0' },
    'outer-rate': { type: 'string', default: '0.7' },
    'outer-momentum': { type: 'string', default: '0.9' },
    json: { type: 'boolean', default: false },
  },
});
const numbers = (text) => text.split(',').map(Number);
const [samples, patch, seed] = [given.samples, given.patch, given.seed].map(Number);
const program = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
const shared = mkdtempSync(join(tmpdir(), 'revela-bench-training-'));
const pictures = join(shared, 'pictures');

/** Smooth colours with edges, and the same with noise. */
async function makePictures() {
  for (const name of ['noisy', 'clean']) mkdirSync(join(pictures, name), { recursive: true });
  const side = 256;
  for (let number = 0; number < 8; number++) {
    const clean = Buffer.alloc(3 * side * side);
    const noisy = Buffer.alloc(clean.length);
    let state = number + 1;
    const uniform = () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    for (let y = 0; y < side; y++)
      for (let x = 0; x < side; x++)
        for (let c = 0; c < 3; c++) {
          const wave = Math.sin((x * (1 + number)) / 40 + c) + Math.cos((y * (2 + c)) / 50);
          const edge = (Math.floor(x / 32) + Math.floor(y / 48) + number) % 3;
          const value = 120 + 35 * wave + 20 * edge;
          const at = 3 * (y * side + x) + c;
          const draw = Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
          clean[at] = Math.max(0, Math.min(255, Math.round(value)));
          noisy[at] = Math.max(0, Math.min(255, Math.round(value + 20 * draw)));
        }
    const raw = { width: side, height: side, channels: 3 };
    await sharp(clean, { raw })
      .png()
      .toFile(join(pictures, 'clean', `${number}.png`));
    await sharp(noisy, { raw })
      .png()
      .toFile(join(pictures, 'noisy', `${number}.png`));
  }
  return { noisy: join(pictures, 'noisy'), clean: join(pictures, 'clean') };
}

/** Whatever ends this process ends those that it started. */
const started = [];
process.on('exit', () => {
  for (const child of started) child.kill('SIGKILL');
  redis.end();
  rmSync(shared, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

/** The folders of the pictures: those that were named lie in the folder that is shared, which is then the root. */
const folders =
  given.noisy && given.clean ? { noisy: given.noisy, clean: given.clean } : await makePictures();
const root = given.noisy ? '/' : shared;
const redis = await startRedis(shared);
const { url } = redis;

function startMembers(count, queue) {
  const args = ['fleet', 'train', '--redis', url, '--queue', queue, '--shared', root, '--threads', '1'];
  const members = Array.from({ length: count }, () =>
    spawn(process.execPath, [program, ...args, '--device', 'cpu', '--quiet'], {
      stdio: ['ignore', 'ignore', 'inherit'],
    }),
  );
  started.push(...members);
  return members;
}

const own = {
  pictures: [folders.noisy],
  ...{ validationNoisy: folders.noisy, validationClean: folders.clean },
  ...{ device: 'cpu', threads: 1, batch: 1, patch, seed },
};
let teacher;
const kinds = {
  sdap: (options) => trainDenoiser({ ...own, baseChannels: 32, modules: 3, ...options }),
  student: (options) => distill({ ...own, teacher, variants: ['pd2'], ...options }),
};

/**
 * Trains. Seconds are those between the first round and the last, so that what is compiled once does not count; so are the processor's, of the
 * one who hands out, or learns alone, and of the busiest of those who learn with it.
 */
async function train(kind, name, steps, members, team) {
  const output = join(shared, name);
  const used = () => [process.pid, ...members.map(({ pid }) => pid)].map(processorSeconds);
  let first;
  let last;
  const onProgress = ({ kind: what, step }) => {
    if (what !== 'training') return;
    last = { step, used: used() };
    first ??= last;
  };
  const how = { output, steps, validateEvery: steps, onProgress };
  const { path } = await kinds[kind]({ ...how, ...(team && { team }) });
  const lines = readFileSync(join(output, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const end = lines.at(-1);
  const quarter = lines.slice(Math.floor(0.75 * lines.length));
  const [own, ...others] = last.used.map((seconds, at) => seconds - first.used[at]);
  const measured = last.step - first.step;
  return {
    path,
    psnr: end.validationPsnr,
    loss: quarter.reduce((sum, { loss }) => sum + loss, 0) / quarter.length,
    measured, // steps after the first round: none where all were one
    secondsAStep: (end.seconds - lines[0].seconds) / measured,
    processorAStep: (own + Math.max(0, ...others)) / measured,
    handingOutAStep: own / measured,
    rounds: lines.length,
  };
}

/** A row as soon as it is known. */
function tell(row) {
  if (given.json) return console.log(JSON.stringify(row));
  const { kind, members, local, steps, psnr, loss, measured, secondsAStep, processorAStep } = row;
  const how = local === 0 ? 'added' : local;
  const learnt = [psnr.toFixed(2), loss.toFixed(3)];
  const speed =
    measured === 0
      ? ['–', '–', '–']
      : [secondsAStep.toFixed(2), processorAStep.toFixed(3), (members / processorAStep).toFixed(1)];
  console.log(`| ${[kind, members, how, steps, ...learnt, ...speed].join(' | ')} |`);
}

if (!given.json) {
  const load = loadavg()[0]?.toFixed(1);
  const machine = `${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, load ${load} at the beginning`;
  console.log(`${machine}; ${samples} patches of ${patch}² each, seed ${seed}\n`);
  console.log(
    '| training | M | H | steps | PSNR | loss, last quarter | seconds a step, here | of the processor | patches a second, a core each |',
  );
  console.log('|---|---|---|---|---|---|---|---|---|');
}
for (const kind of given.kinds.split(',')) {
  if (kind === 'student') {
    const steps = Math.min(200, samples);
    const how = { output: join(shared, 'teacher'), steps, patch: 40, baseChannels: 32, modules: 3 };
    ({ path: teacher } = await trainDenoiser({ ...own, ...how }));
  }
  const alone = await train(kind, `${kind}-alone`, samples, []);
  tell({ kind, members: 1, local: 'alone', steps: samples, ...alone });
  for (const local of numbers(given.local))
    for (const members of numbers(given.members)) {
      const queue = `${kind}-${members}-${local}`;
      const processes = startMembers(members, queue);
      const steps = Math.max(1, Math.round(samples / members));
      const outer = {
        outerRate: Number(given['outer-rate']),
        outerMomentum: Number(given['outer-momentum']),
      };
      const how = local === 0 ? {} : { localSteps: local, ...outer };
      const team = openTeam({ redis: url, queue, shared: root, workers: members, ...how });
      tell({ kind, members, local, steps, ...(await train(kind, queue, steps, processes, team)) });
      for (const one of processes) {
        const exit = once(one, 'exit');
        one.kill('SIGINT');
        await exit;
      }
    }
}
process.exit(0);
