import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../cli/command.js';
import { redisOrReason } from '../redis/server.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const path = temporaryFolder();

/** What the check prints, whether it finds anything or not. */
const check = async (...words: readonly string[]): Promise<string> => {
  const ran = await promisify(execFile)(process.execPath, [
    `${root}scripts/container-check.mjs`,
    ...words,
  ]).catch((error: { readonly stdout: string }) => error);
  return ran.stdout;
};

test.skipIf(redisOrReason() !== undefined)(
  'the image has what it needs, and what compose.yaml starts works as processes',
  async () => {
    const told = await check();
    expect(told).not.toContain('FAIL');
    expect(told).toMatch(/ok {3}a picture is denoised by a worker\n.*by the fleet\n/);
    expect(told).toMatch(/\n12 passed, 0 failed\n$/);
  },
  120_000,
);

test('says what is wrong with an image, with services, and with the page about them', async () => {
  const folder = path('broken');
  await mkdir(`${folder}/docs`, { recursive: true });
  for (const name of ['.dockerignore', 'package.json', 'package-lock.json', '.npmrc', 'README.md'])
    await cp(root + name, `${folder}/${name}`);
  const changed = async (name: string, ...changes: readonly (readonly [string, string])[]): Promise<void> => {
    const text = await readFile(root + name, 'utf8');
    for (const [before] of changes) expect(text).toContain(before);
    await writeFile(
      `${folder}/${name}`,
      changes.reduce((all, [before, after]) => all.replaceAll(before, after), text),
    );
  };
  await changed(
    'Dockerfile',
    ['USER node', 'USER root'],
    ['EXPOSE 8787', 'EXPOSE 80'],
    ['COPY docs docs', 'COPY build docs'],
    ['--from=pack', '--from=packs'],
    ['20-bookworm-slim', '18-bookworm'],
  );
  await changed(
    'compose.yaml',
    ['noeviction', 'allkeys-lru'],
    ['45s', '20s'],
    ["'127.0.0.1:8787:8787'", "'8787:8787'"],
    ['  pictures:\n', ''],
  );
  await changed('docs/container.md', ['PHOTOS', 'FOLDER']);
  const told = await check(folder, '--read-only');
  for (const problem of [
    'the image works as root',
    'it exposes 80, and the service listens at 8787',
    'HEALTHCHECK does not ask /healthz at the port 80',
    'COPY names build, which .dockerignore leaves out',
    'COPY names src, which is not there',
    'nothing copies docs',
    'COPY takes from packs, which is no stage before it',
    '18-bookworm is not a slim Debian',
    'Redis needs --maxmemory-policy noeviction',
    'worker in compose.yaml is not given more than the 30 seconds in which it ends',
    'serve in compose.yaml listens to other machines at 8787:8787, without TLS',
    'worker in compose.yaml takes the volume pictures, which is not declared',
    'PHOTOS is missing',
  ])
    expect(told).toContain(problem);
  expect(told).toMatch(/\n0 passed, 3 failed\n$/);
});
