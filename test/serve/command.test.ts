import { spawn } from 'node:child_process';
import { expect, it } from 'vitest';
import {
  environmentWithout,
  expectRefusal,
  jsonLines,
  photograph,
  revela,
  temporaryFolder,
} from '../cli/command.js';
import { program } from '../program.js';

const path = temporaryFolder();

it('listens until it is stopped, and then ends well', async () => {
  const child = spawn(process.execPath, [program, 'serve', '--port', '0', '--json'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  let told = '';
  child.stdout.setEncoding('utf8');
  for await (const text of child.stdout) {
    told += String(text);
    const { address } = jsonLines(told).find(({ kind }) => kind === 'listening') ?? {};
    if (typeof address !== 'string') continue;
    const body = Uint8Array.from(await photograph(230, 110).png().toBuffer());
    const answer = await fetch(`${address}/v1/score?metric=niqe`, { method: 'POST', body });
    expect(answer.status).toBe(200);
    child.kill('SIGTERM');
    break;
  }
  expect(await ended).toBe(0);
}, 60_000);

it('refuses limits, addresses and tokens that it cannot take', async () => {
  await expectRefusal(revela(['serve', '--port', '70000']), 2, '--port');
  await expectRefusal(revela(['serve', '--places', '0']), 2, '--places');
  await expectRefusal(revela(['serve', '--host', '0.0.0.0', '--port', '0']), 2, '--tokens', '--open');
  await expectRefusal(revela(['serve', '--tokens', path('none.txt')]), 1, 'none.txt');
});

it('says what to install where Hono is not', async () => {
  const environment = environmentWithout('hono');
  await expectRefusal(
    revela(['serve', '--port', '0'], { environment }),
    1,
    'npm install hono@4.13.19 @hono/node-server@2.1.9',
  );
}, 60_000);
