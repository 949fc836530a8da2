// node scripts/serve-many.mjs [REQUESTS] [CLIENTS]: asks a service of its own REQUESTS times (10,000) from CLIENTS clients (16) to denoise small
// photographs, a tenth of them hostile: no picture, too large, cut off, too slow, no HTTP. Prints how many were answered, how long they
// waited, how busy the processor was, and what is left behind in memory and on the disk; ends with 1 where a good one was lost or something stayed.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { serve } from '../dist/serve/index.js';

const [requests = 10_000, clients = 16] = process.argv.slice(2).map(Number);
const folder = mkdtempSync(join(tmpdir(), 'revela-serve-many-'));
const service = await serve({
  port: 0,
  folder,
  limits: { maxBytes: 300_000, transferSeconds: 5, jobsPerClient: clients + 8 },
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
const waits = [];
async function client() {
  for (let number = asked++; number < requests; number = asked++) {
    if (number % 10 === 0) {
      await hostile[(number / 10) % hostile.length]().catch(() => undefined);
      continue;
    }
    const begin = performance.now();
    const answer = await post(photo).catch(() => undefined);
    const bytes = await answer?.arrayBuffer().catch(() => undefined);
    if (answer?.status === 200 && bytes?.byteLength > 0) answered += 1;
    else lost += 1;
    waits.push(performance.now() - begin);
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
const left = { jobs: metric('revela_jobs_kept'), bytes: metric('revela_stored_bytes') };
const files = readdirSync(folder, { recursive: true }).length - 1; // but for the folder of the service
await service.close();
const after = readdirSync(folder).length;
rmSync(folder, { recursive: true });

waits.sort((a, b) => a - b);
const quantile = (share) => `${Math.round(waits[Math.floor((waits.length - 1) * share)] ?? 0)} ms`;
const megabytes = (bytes) => `${Math.round(bytes / 1e6)} MB`;
console.log(
  `${requests} requests by ${clients} clients in ${seconds.toFixed(1)} s: ${answered} answered, ${lost} lost`,
);
console.log(`answered within (median, 95 %, 99 %): ${quantile(0.5)}, ${quantile(0.95)}, ${quantile(0.99)}`);
console.log(`processor: ${((user + system) / 1e6 / seconds).toFixed(2)} cores busy`);
console.log(`memory: ${megabytes(before.memory)} before, ${megabytes(process.memoryUsage.rss())} after`);
console.log(`left: ${left.jobs} jobs, ${left.bytes} bytes, ${files} files; after its end ${after} files`);
process.exitCode = lost === 0 && left.jobs === 0 && left.bytes === 0 && files === 0 && after === 0 ? 0 : 1;
