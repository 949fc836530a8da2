// node bench/serve.mjs [--requests 10000] [--clients 16] [--redis URL]: asks a service of its own so many times from so many clients to denoise
// small photographs, a tenth of them hostile: no picture, too large, cut off, too slow, no HTTP. With --redis its jobs wait there (of a database
// that nobody else uses). Prints how many were answered, how long they waited, how busy the processor was, and what is left behind in memory, on
// the disk and in Redis; ends with 1 where a good one was lost or something stayed. Build first.
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import sharp from 'sharp';
import { serve } from '../dist/serve/index.js';

const { values: given } = parseArgs({
  options: {
    requests: { type: 'string', default: '10000' },
    clients: { type: 'string', default: '16' },
    redis: { type: 'string' },
  },
});
const { redis } = given;
const [requests, clients] = [Number(given.requests), Number(given.clients)];
if (![requests, clients].every((count) => Number.isInteger(count) && count > 0)) {
  console.error('--requests and --clients are whole numbers of at least 1');
  process.exit(2);
}

const folder = mkdtempSync(join(tmpdir(), 'revela-bench-serve-'));
const pictures = join(folder, 'pictures');
mkdirSync(pictures);
const service = await serve({
  port: 0,
  folder: pictures,
  limits: { maxBytes: 300_000, transferSeconds: 5, jobsPerClient: clients + 8 },
  ...(redis === undefined ? {} : { redis, onNote: console.error }),
});

const noise = { type: 'gaussian', mean: 128, sigma: 12 };
const create = { width: 64, height: 64, channels: 3, noise, background: '#777' };
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
/** Milliseconds until an answer was there, and of them those in the queue. */
const waits = { answer: [], queue: [] };
async function client() {
  for (let number = asked++; number < requests; number = asked++) {
    if (number % 10 === 0) {
      await hostile[(number / 10) % hostile.length]().catch(() => undefined);
      continue;
    }
    const begin = performance.now();
    const answer = await post(photo).catch(() => undefined);
    const bytes = await answer?.arrayBuffer().catch(() => undefined);
    const isGood = answer?.status === 200 && bytes?.byteLength > 0;
    if (isGood) answered += 1;
    else lost += 1;
    waits.answer.push(performance.now() - begin);
    const [, queued] = /queue;dur=([\d.]+)/.exec(answer?.headers.get('Server-Timing') ?? '') ?? [];
    if (isGood) waits.queue.push(Number(queued));
  }
}

await (await post(photo)).arrayBuffer(); // opens the network
const before = { memory: process.memoryUsage.rss(), cpu: process.cpuUsage(), time: performance.now() };
await Promise.all(Array.from({ length: clients }, client));
const seconds = (performance.now() - before.time) / 1000;
const { user, system } = process.cpuUsage(before.cpu);
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
};
await service.close();
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
console.log(`${availableParallelism()} cores, of which ${load.toFixed(1)} were asked for on average; ${redis === undefined ? 'jobs in memory' : 'jobs in Redis'}
${requests} requests by ${clients} clients in ${seconds.toFixed(1)} s: ${answered} answered, ${lost} lost
answered within (median, 95 %, 99 %): ${quantiles(waits.answer)}
of that in the queue: ${quantiles(waits.queue)}
processor: ${((user + system) / 1e6 / seconds).toFixed(2)} cores busy, the clients' work with it
memory: ${megabytes(before.memory)} before, ${megabytes(process.memoryUsage.rss())} after
left: ${left.jobs} jobs, ${left.bytes} bytes, ${left.files} files; after its end ${left.after} files, ${left.redis} jobs in Redis`);
process.exitCode = lost + left.jobs + left.bytes + left.files + left.after + left.redis === 0 ? 0 : 1;
