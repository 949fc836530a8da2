// node bench/fleet-speed.mjs [--pictures 1200] [--workers 3] [--rounds 3] [--warm 100] [--work denoise|score] [--seed 0]: what a picture of 64² costs by the folder
// command, and by workers with the queue on the same cores, in turn. Costs are processor time of all processes (with the queue: workers, those that they
// work in, and Redis) from when each has made so many results that it is warm, to the last: what is loaded and compiled once does not count, nor what
// else a machine does. Where the processor is what is short, their ratio is the speed of the workers as a share of the sum of their single speeds. Build first. On Linux.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { submitPictures } from '../dist/fleet/index.js';
import { makePictures } from './fleet/made-pictures.mjs';
import { treeSeconds } from './fleet/processor-seconds.mjs';
import { startRedis } from './fleet/redis.mjs';
import { program } from './fleet/workers.mjs';
import { spread } from './statistics.mjs';

const { values: given } = parseArgs({
  options: {
    pictures: { type: 'string', default: '1200' },
    workers: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '3' },
    warm: { type: 'string', default: '100' },
    work: { type: 'string', default: 'denoise' },
    seed: { type: 'string', default: '0' },
  },
});
const { work } = given;
const names = ['pictures', 'workers', 'rounds', 'warm', 'seed'];
const [count, workers, rounds, warm, seed] = names.map((name) => Number(given[name]));

const shared = mkdtempSync(join(tmpdir(), 'revela-bench-speed-'));
const shots = join(shared, 'shots');
const redis = await startRedis(shared);
/** Whatever ends this process ends those that it started. */
const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
  redis.end();
  rmSync(shared, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));
await makePictures(shots, count, seed);

/** Runs commands side by side; milliseconds of the processors a result, from when each is warm to the last. */
async function cost(commands, others) {
  const children = commands.map((words) =>
    spawn(process.execPath, [program, ...words, '--json', '--threads', '1', '--device', 'cpu'], {
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );
  for (const child of children) running.add(child);
  const used = () =>
    [...children.map(({ pid }) => pid), ...others].reduce((sum, pid) => sum + treeSeconds(pid), 0);
  const made = new Map(children.map((child) => [child, 0]));
  let results = 0;
  let first;
  let last;
  const listening = children.map(async (child) => {
    for await (const line of createInterface(child.stdout)) {
      const { kind } = JSON.parse(line);
      if (kind !== (work === 'score' && others.length === 0 ? 'picture' : 'written')) continue;
      results += 1;
      made.set(child, made.get(child) + 1);
      const isWarm = first !== undefined || [...made.values()].every((number) => number >= warm);
      // In the end some have ended, and cannot be asked any more.
      if (!isWarm || (first !== undefined && results !== count - 2 * children.length)) continue;
      last = { results, used: used(), time: performance.now() };
      first ??= last;
    }
  });
  const ends = children.map((child) => once(child, 'exit'));
  await Promise.all([...listening, ...ends]);
  for (const child of children) running.delete(child);
  if (first === undefined || last === first) throw new Error('too few pictures for all to be warm');
  const between = last.results - first.results;
  return {
    processor: (1000 * (last.used - first.used)) / between,
    time: (last.time - first.time) / between,
  };
}

function alone(round) {
  const output = join(shared, `alone-${round}`);
  return cost([[work, shots, '-r', ...(work === 'denoise' ? ['-o', output] : [])]], []);
}

async function together(round, size) {
  const queue = `speed-${size}-${round}`;
  const task = work === 'denoise' ? { work, options: { weights: 'general' } } : { work };
  const how = { redis: redis.url, queue, shared, output: join(shared, queue), recursive: true };
  await submitPictures([shots], task, how);
  const words = [
    'fleet',
    'work',
    '--redis',
    redis.url,
    '--queue',
    queue,
    '--shared',
    shared,
    '--until-empty',
  ];
  return cost(
    Array.from({ length: size }, () => words),
    [redis.pid],
  );
}

const load = loadavg()[0]?.toFixed(1);
console.log(`${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, load ${load}; ${count} pictures`);
console.log(
  '| round | folder command | one worker | ratio | workers together | ratio |\n|---|---|---|---|---|---|',
);
const ratios = { one: [], all: [] };
for (let round = 1; round <= rounds; round++) {
  const single = await alone(round);
  const one = await together(round, 1);
  const all = await together(round, workers);
  ratios.one.push(single.processor / one.processor);
  ratios.all.push(single.processor / all.processor);
  const told = [single, one, all].map(
    ({ processor, time }) => `${processor.toFixed(1)} ms (${time.toFixed(0)} passed)`,
  );
  const [ofOne, ofAll] = [ratios.one, ratios.all].map((list) => list.at(-1).toFixed(2));
  console.log(`| ${[round, told[0], told[1], ofOne, told[2], ofAll].join(' | ')} |`);
}
for (const [name, list] of Object.entries(ratios)) {
  const { median, min, max } = spread(list);
  console.log(`${name}: ${median.toFixed(2)} (${min.toFixed(2)} to ${max.toFixed(2)})`);
}
process.exit(0);
