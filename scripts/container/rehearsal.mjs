// Runs what a compose file starts as processes of this machine: what differs are hosts, ports and folders.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import sharp from 'sharp';
import { filledIn } from './compose.mjs';

const password = 'rehearsal';
const token = 'a-token-for-the-rehearsal';

export const hasRedis = () => spawnSync('redis-server', ['--version']).status === 0;

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** Starts a program, and waits until it says something. */
async function started([program, ...args], words) {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const told = [];
  const lines = async (stream) => {
    for await (const line of createInterface(stream)) {
      told.push(line);
      child.emit('told', line);
    }
  };
  void lines(child.stdout);
  void lines(child.stderr);
  const ended = once(child, 'close').then(([code]) => code);
  const ready = new Promise((resolve) => {
    child.on('told', (line) => line.includes(words) && resolve(true));
  });
  const end = async () => {
    child.kill('SIGTERM');
    return ended;
  };
  if (!(await Promise.race([ready, ended.then(() => false)])))
    throw new Error(`${program} ${args.join(' ')} ended: ${told.join(' | ')}`);
  return { end, told };
}

/**
 * Starts Redis, the service, two workers and one of a fleet, has a picture denoised by each way, and ends them.
 *
 * @param services those of the compose file
 * @param health the words that ask for the service's health
 * @param check hears what was tried, and whether it went well
 */
export async function rehearse({ revela, services, health, port: usualPort, check }) {
  const folder = mkdtempSync(join(tmpdir(), 'revela-container-'));
  const [port, queuePort] = [await freePort(), await freePort()];
  const [pictures, photos, data, tokens] = ['pictures', 'photos', 'data', 'tokens'].map((name) =>
    join(folder, name),
  );
  for (const path of [pictures, photos, data]) mkdirSync(path);
  writeFileSync(tokens, `shop ${token}\n`);
  const here = (words) =>
    words.map((word) =>
      filledIn(word, { REDIS_PASSWORD: password })
        .replace('redis:6379', `127.0.0.1:${queuePort}`)
        .replace('/srv/revela', pictures)
        .replace('/photos', photos)
        .replace('/run/secrets/tokens', tokens)
        .replace('0.0.0.0', '127.0.0.1')
        .replace(`:${usualPort}/`, `:${port}/`),
    );
  const start = async (name, words, ...more) => {
    const running = await started([...revela, ...here(services[name].command), ...more], words);
    processes.push([name, running]);
    return running;
  };
  const processes = [];
  const queue = await started(
    [...here(services.redis.command), '--port', String(queuePort), '--bind', '127.0.0.1', '--dir', data],
    'Ready to accept connections',
  );
  try {
    await Promise.all([
      start('serve', 'Listening at', '--port', String(port)),
      ...Array.from({ length: services.worker.deploy.replicas }, () => start('worker', 'Waiting for jobs')),
      start('fleet', 'Working'),
    ]);
    check('the service, its workers and that of a fleet start', true, '');
    const [program, ...args] = here(health);
    const asked = spawnSync(program, args, { encoding: 'utf8' });
    check('HEALTHCHECK finds the service well', asked.status === 0, asked.stderr);
    const noise = { type: 'gaussian', mean: 128, sigma: 20 };
    const body = await sharp({ create: { width: 64, height: 64, channels: 3, noise, background: '#777' } })
      .png()
      .toBuffer();
    const ask = (path, more) => fetch(`http://127.0.0.1:${port}${path}`, more);
    const stranger = await ask('/v1/denoise', { method: 'POST', body });
    check('who has no token is refused', stranger.status === 401, String(stranger.status));
    const headers = { Authorization: `Bearer ${token}` };
    const answer = await ask('/v1/denoise', { method: 'POST', body, headers });
    const bytes = await answer.arrayBuffer();
    check(
      'a picture is denoised by a worker',
      answer.status === 200 && bytes.byteLength > 0,
      String(answer.status),
    );
    writeFileSync(join(photos, 'a.png'), body);
    const redis = here(services.fleet.command).find((word) => word.startsWith('redis://'));
    const submit = [
      'fleet',
      'submit',
      'a.png',
      '--denoise',
      '-o',
      join(photos, 'clean'),
      '--shared',
      photos,
      '--redis',
      redis,
    ];
    const submitted = spawnSync(revela[0], [...revela.slice(1), ...submit], {
      cwd: photos,
      encoding: 'utf8',
    });
    for (let i = 0; i < 600 && !existsSync(join(photos, 'clean', 'a.png')); i++)
      await new Promise((resolve) => setTimeout(resolve, 100));
    check('a picture is denoised by the fleet', existsSync(join(photos, 'clean', 'a.png')), submitted.stderr);
  } finally {
    for (const [name, running] of processes.reverse()) {
      const code = await running.end();
      check(
        `${name} ends well when it is asked to`,
        code === 0,
        `exit code ${code}: ${running.told.join(' | ')}`,
      );
    }
    await queue.end();
    rmSync(folder, { recursive: true, force: true });
  }
}
