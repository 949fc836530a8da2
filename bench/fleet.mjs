// node bench/fleet.mjs [--pictures 100000] [--workers 3] [--kills 50] [--restarts 2] [--freeze 120] [--full 20] [--work score|denoise] [--lock-seconds 30]
// [--seed 0]: makes pictures of 64², lets workers that are processes of this machine score (or denoise) them by way of a Redis of its own, and disturbs
// them: kills workers (−9) at random, restarts Redis (every other time −9), freezes a worker for so many seconds, and fills the disk of the results
// for so many. Says what became of it, and whether every result is there, once, with the bytes that the folder command makes; ends with 1 where not.
// Troubles come after shares of the pictures that the seed draws. The disk is a file system in memory, which root alone can mount: without, it is
// not filled. Build first. On Linux, with redis-server.
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { fleetStatus, submitPictures } from '../dist/fleet/index.js';
import { drawn, makePictures } from './fleet/made-pictures.mjs';
import { startRedis } from './fleet/redis.mjs';
import { compare, single } from './fleet/reference.mjs';
import { mountSmallDisk } from './fleet/small-disk.mjs';
import { Workers } from './fleet/workers.mjs';

const { values: given } = parseArgs({
  options: {
    pictures: { type: 'string', default: '100000' },
    workers: { type: 'string', default: '3' },
    kills: { type: 'string', default: '50' },
    restarts: { type: 'string', default: '2' },
    freeze: { type: 'string', default: '120' },
    full: { type: 'string', default: '20' },
    work: { type: 'string', default: 'score' },
    'lock-seconds': { type: 'string', default: '30' },
    seed: { type: 'string', default: '0' },
  },
});
const { work } = given;
const names = ['pictures', 'workers', 'kills', 'restarts', 'freeze', 'full', 'seed'];
const [count, size, kills, restarts, freeze, full, seed] = names.map((name) => Number(given[name]));

const begin = performance.now();
/** Says what happens, and when. */
function say(line) {
  console.log(`${((performance.now() - begin) / 1000).toFixed(0).padStart(5)} s  ${line}`);
}

const folder = mkdtempSync(join(tmpdir(), 'revela-bench-fleet-'));
const shared = join(folder, 'shared');
const output = join(shared, 'results');
const random = drawn(seed);
const places = await makePictures(join(shared, 'shots'), count, seed);
// A result of 64² takes two or three pages at most.
const disk = mountSmallDisk(output, 50e6 + count * 16_384);
const redis = await startRedis(folder);
let workers;
process.on('exit', () => {
  workers?.end();
  redis.end();
  disk?.unmount();
  rmSync(folder, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1));

const load = loadavg()[0]?.toFixed(1);
say(`${cpus()[0]?.model.trim()}, ${availableParallelism()} cores, load ${load}; ${count} pictures are made`);
const queue = { redis: redis.url };
const task = work === 'denoise' ? { work, options: { weights: 'general' } } : { work: 'score' };
const shots = join(shared, 'shots');
const { pictures, jobs } = await submitPictures([shots], task, { ...queue, shared, output, recursive: true });
say(`${pictures} pictures are submitted, in ${jobs} jobs`);
const how = ['--shared', shared, '--redis', redis.url, '--threads', '1', '--device', 'cpu'];
// Meanwhile: what a single machine makes of them.
const reference = single(work, shared, join(folder, 'single'));
workers = new Workers(size, [...how, '--lock-seconds', given['lock-seconds']]);

/** What disturbs them, and after how many pictures. */
const within = (from, to) => Math.round(count * (from + (to - from) * random()));
const troubles = Array.from({ length: kills }, () => ({ at: within(0.01, 0.95), what: () => kill() }));
for (let number = 0; number < restarts; number++)
  troubles.push({ at: within(0.2 + 0.5 * (number / restarts), 0.9), what: () => restart(number) });
if (freeze > 0) troubles.push({ at: within(0.1, 0.3), what: () => freezeOne() });
if (full > 0 && disk) troubles.push({ at: within(0.4, 0.6), what: () => fillDisk() });
if (full > 0 && !disk) say('the disk is not filled: nothing can be mounted here');
troubles.sort((a, b) => a.at - b.at);

let killed = 0;
async function kill() {
  await workers.kill(random);
  killed += 1;
  if (killed === kills || killed % 10 === 0)
    say(`${killed} workers were killed, ${workers.done} pictures are done`);
}

async function restart(number) {
  const signal = number % 2 === 0 ? 'SIGKILL' : 'SIGTERM';
  await redis.restart(signal);
  say(`Redis was ended (${signal}) and started again, ${workers.done} pictures are done`);
}

/** What takes a while; other troubles go on meanwhile. */
const lasting = [];
async function freezeOne() {
  say(`a worker is frozen for ${freeze} seconds`);
  lasting.push(workers.freeze(1000 * freeze).then(() => say('the frozen worker goes on')));
}

async function fillDisk() {
  disk.fill();
  say(`the disk is full, ${workers.done} pictures are done`);
  await wait(1000 * full);
  disk.free();
  say(`the disk has space again, ${workers.done} pictures are done`);
}

for (const { at, what } of troubles) {
  while (workers.done < at) await wait(20);
  await what();
}
await Promise.all(lasting);
for (;;) {
  const { waiting, active } = await fleetStatus(queue);
  if (waiting + active === 0) break;
  await wait(500);
}
const { failed, failures } = await fleetStatus(queue);
const codes = await workers.stop();
say(`nothing is left in the queue; ${failed} jobs failed; the workers ended with ${codes.join(', ')}`);
for (const { message } of failures) say(`failed: ${message}`);
say(`${workers.astray} workers ended that nobody had killed`);
const several = [...workers.written.values()].filter((times) => times > 1).length;
say(`${workers.written.size} pictures were told to be written, ${several} of them more than once`);
for (const [line, times] of [...workers.told].sort()) say(`told ${times} times: ${line}`);

const { expected, seconds } = await reference;
say(`one process alone made ${expected.size} results in ${seconds} s`);
const { equal, wrong, missing, halfWritten, strange } = compare(output, expected);
say(
  `of ${places.length} results ${equal} are there byte for byte, ${wrong} with other bytes, ${missing} are missing; besides them ${halfWritten} half-written files and ${strange} others`,
);
process.exit(equal === places.length && failed + workers.astray + strange === 0 ? 0 : 1);
