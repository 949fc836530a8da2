// node bench/serve.mjs [--requests 10000] [--clients 16] [--side 64] [--threads N] [--redis URL]: asks a service in a process of its own so many times from
// so many clients to denoise photographs of so many pixels a side, a tenth of them hostile: no picture, too large, cut off, too slow, no HTTP. With --redis
// its jobs wait there (of a database that nobody else uses). Prints how many were answered, how long they waited, how busy the cores that it may use were
// (taskset -c 0 keeps it to one), and what is left behind in memory, of open files, on the disk and in Redis; ends with 1 where a good one was lost or
// something stayed. Build first. On Linux.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import sharp from 'sharp';

/** Bytes by which the second half of many requests may let the memory grow: what collects garbage is not in a hurry. */
const MOST_GROWTH = 100e6;

const { values: given } = parseArgs({
  options: {
    requests: { type: 'string', default: '10000' },
    clients: { type: 'string', default: '16' },
    side: { type: 'string', default: '64' },
    threads: { type: 'string' },
    redis: { type: 'string' },
  },
});
const { redis, threads } = given;
const [requests, clients, side] = [given.requests, given.clients, given.side].map(Number);
if (![requests, clients, side].every((count) => Number.isInteger(count) && count > 0)) {
  console.error('--requests, --clients and --side are whole numbers of at least 1');
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'revela-bench-serve-'));
const pictures = join(folder, 'pictures');
mkdirSync(pictures);
const service = await started();

/** Starts a service in a process of its own, so that what clients cost is not counted. */
async function started() {
  const program = fileURLToPath(new URL('../dist/cli/main.js', import.meta.url));
  const limits = ['--max-bytes', '300000', '--transfer-seconds', '10', '--jobs-per-client', `${clients + 8}`];
  const queue = redis === undefined ? [] : ['--redis', redis];
  const machine = threads === undefined ? [] : ['--threads', threads];
  const words = [program, 'serve', '--json', '--port', '0', '--folder', pictures];
  words.push(...limits, ...machine, ...queue);
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'close');
  const close = async () => {
    child.kill('SIGTERM');
    const [code] = await ended;
    return code;
  };
  for await (const line of createInterface(child.stdout)) {
    const { kind, address } = JSON.parse(line);
    // What it tells later is read, too: a full pipe would hold it up.
    if (kind !== 'listening') continue;
    child.stdout.resume();
    return { address, pid: child.pid, close };
  }
  throw new Error('the service ended');
}

/** What the process takes of the machine. */
function usage() {
  const own = (name) => readFileSync(`/proc/${service.pid}/${name}`, 'utf8');
  const times = own('stat')
    .replace(/^.*\) /s, '')
    .split(' ');
  const opened = readdirSync(`/proc/${service.pid}/fd`).flatMap((number) => {
    try {
      return readlinkSync(`/proc/${service.pid}/fd/${number}`);
    } catch {
      return []; // closed meanwhile
    }
  });
  return {
    memory: 1024 * Number(/^VmRSS:\s+(\d+)/m.exec(own('status'))?.[1]),
    /** In seconds; the kernel counts hundredths. */
    cpu: (Number(times[11]) + Number(times[12])) / 100,
    files: opened.filter((name) => name.startsWith('/')).length,
    time: performance.now(),
  };
}

const noise = { type: 'gaussian', mean: 128, sigma: 12 };
const create = { width: side, height: side, channels: 3, noise, background: '#777' };
const photo = await sharp({ create }).png().toBuffer();

/** Sends the beginning of a request on a bare connection, and goes on as told. */
function raw(head, course) {
  const { hostname, port } = new URL(service.address);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => {
      socket.write(`${head}\r\nHost: ${hostname}\r\n\r\n`);
      course(socket);
    });
    socket.on('data', () => {}).on('error', () => {});
    socket.on('close', resolve);
  });
}

const post = (body) => fetch(`${service.address}/v1/denoise`, { method: 'POST', body });
const told = 'POST /v1/denoise HTTP/1.1\r\nContent-Length: 9999';
const hostile = [
  async () => (await post('this is no picture')).text(),
  async () => (await post(Buffer.alloc(400_000))).text(),
  () => raw(told, (socket) => socket.write(photo.subarray(0, 500), () => socket.destroy())),
  () => raw(told, (socket) => socket.write('slow')),
  () => raw('\u0001\u0002', (socket) => socket.end()),
];

let [asked, answered, lost] = [0, 0, 0];
/** What it takes when half of it is done. */
let half;
/** Milliseconds until an answer was there, and of them those in the queue. */
const waits = { answer: [], queue: [] };
async function client() {
  for (let number = asked++; number < requests; number = asked++) {
    if (number === Math.floor(requests / 2)) half = usage();
    if (number % 10 === 0) {
      await hostile[(number / 10) % hostile.length]().catch(() => undefined);
      continue;
    }
    const begin = performance.now();
    const answer = await post(photo).catch(() => undefined);
    const bytes = await answer?.arrayBuffer().catch(() => undefined);
    const isGood = answer?.status === 200 && bytes?.byteLength > 0;
    if (isGood) answered += 1;
    else {
      lost += 1;
      console.error(
        `lost: ${answer === undefined ? 'no answer' : `${answer.status} ${Buffer.from(bytes ?? [])}`}`,
      );
    }
    waits.answer.push(performance.now() - begin);
    const [, queued] = /queue;dur=([\d.]+)/.exec(answer?.headers.get('Server-Timing') ?? '') ?? [];
    if (isGood) waits.queue.push(Number(queued));
  }
}

await (await post(photo)).arrayBuffer(); // opens the network
const before = usage();
const machine = processorTime();
const clientsBefore = cpuSeconds(process.cpuUsage());
await Promise.all(Array.from({ length: clients }, client));
const after = usage();
const seconds = (after.time - before.time) / 1000;
const all = processorTime() - machine;
const clientsAfter = cpuSeconds(process.cpuUsage());

function cpuSeconds({ user, system }) {
  return (user + system) / 1e6;
}

/** Seconds in which anybody was at work on the cores that this process, and so the service, may use. */
function processorTime() {
  const allowed = /^Cpus_allowed_list:\s+(\S+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '';
  const ranges = allowed.split(',').map((range) => range.split('-').map(Number));
  const isOwn = (core) => ranges.some(([first, last = first]) => first <= core && core <= last);
  let ticks = 0;
  for (const [, core, counted] of readFileSync('/proc/stat', 'utf8').matchAll(/^cpu(\d+) (.*)$/gm)) {
    if (!isOwn(Number(core))) continue;
    const [user, nice, system, , , interrupts, soft] = counted.split(' ').map(Number);
    ticks += user + nice + system + interrupts + soft;
  }
  return ticks / 100;
}

// The last answer has only just been taken.
const text = async () => (await fetch(`${service.address}/metrics`)).text();
let metrics = await text();
for (let i = 0; i < 50 && !/^revela_jobs_kept 0$/m.test(metrics); i++) {
  await new Promise((resolve) => setTimeout(resolve, 100));
  metrics = await text();
}
const metric = (name) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(metrics)?.[1]);
const left = {
  jobs: metric('revela_jobs_kept'),
  bytes: metric('revela_stored_bytes'),
  files: filesOf(pictures).length,
  opened: Math.max(0, usage().files - before.files),
};
left.code = await service.close();
left.after = filesOf(pictures).length;
left.redis = redis === undefined ? 0 : await jobsIn(redis);
rmSync(folder, { recursive: true });

/** The pictures and results that lie in a folder, or in the folders of it. */
function filesOf(path) {
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile() && entry.name !== 'revela-serve');
}

/** How many jobs Redis knows. */
async function jobsIn(url) {
  const [{ Queue }, { Redis }] = await Promise.all([import('bullmq'), import('ioredis')]);
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  const counts = await new Queue('revela-serve', { connection }).getJobCounts();
  connection.disconnect();
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function quantiles(list) {
  const sorted = list.toSorted((a, b) => a - b);
  const at = (share) => `${Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0)} ms`;
  return [0.5, 0.95, 0.99].map(at).join(', ');
}
const megabytes = (bytes) => `${Math.round(bytes / 1e6)} MB`;
const [load = 0] = loadavg();
const cores = availableParallelism();
const share = (part) => `${Math.round((100 * part) / (cores * seconds))} %`;
const busy = after.cpu - before.cpu;
const ofClients = clientsAfter - clientsBefore;
console.log(`${cores} cores that it may use; ${load.toFixed(1)} processes wanted those of the machine on average; ${redis === undefined ? 'jobs in memory' : 'jobs in Redis'}
${requests} requests by ${clients} clients in ${seconds.toFixed(1)} s: ${answered} answered, ${lost} lost
answered within (median, 95 %, 99 %): ${quantiles(waits.answer)}
of that in the queue: ${quantiles(waits.queue)}
cores: ${share(busy)} by the service, ${share(ofClients)} by the clients, ${share(all - busy - ofClients)} by whatever else ran, idle the rest
processor time of the service: ${((1000 * busy) / answered).toFixed(1)} ms for each that was answered
memory: ${megabytes(before.memory)} before, ${megabytes(half.memory)} at half, ${megabytes(after.memory)} after
left: ${left.jobs} jobs, ${left.bytes} bytes, ${left.files} files; after its end ${left.after} files, ${left.redis} jobs in Redis
files that it had open: ${before.files} before, ${left.opened} more after; its exit code was ${left.code}`);
const leaks = requests >= 1000 && after.memory - half.memory > MOST_GROWTH;
const wrong = Object.values(left).reduce((sum, count) => sum + count, lost);
process.exitCode = wrong === 0 && !leaks ? 0 : 1;
