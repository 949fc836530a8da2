import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { modelFolder } from '#src/model-folder.js';
import { drawnBytes, modelServer, sha256 } from '../weights/model-server.js';
import {
  type Circumstances,
  expectRefusal,
  expectSuccess,
  jsonLines,
  namesIn,
  revela,
  temporaryFolder,
} from './command.js';

const path = temporaryFolder();
const server = modelServer();
const bytes = drawnBytes(400_000);
let count = 0;

/** A model on the server, a list that names it, and the command in an environment of its own. */
async function published(file: Partial<Parameters<typeof server.publish>[1]> = {}, listed: object = {}) {
  const name = `model${++count}`;
  const address = `/${name}.pth`;
  server.publish(address, { bytes, etag: '"1"', ...file });
  const list = `list${count}.json`;
  const model = { name, url: server.url(address), sha256: sha256(bytes), licence: 'MIT', ...listed };
  await writeFile(path(list), JSON.stringify({ models: [model] }));
  const folder = path(`models${count}`);
  const models = ([command, ...args]: readonly string[], { environment = {}, ...more }: Circumstances = {}) =>
    revela(['models', ...(command === undefined ? [] : [command]), '--list', list, ...args], {
      cwd: path(),
      environment: { REVELA_MODELS: folder, ...environment },
      ...more,
    });
  return { name, address, model, folder, models, file: `${folder}/${name}/${name}.pth` };
}

describe('models', () => {
  it('lists what is known, and says what is unknown', async () => {
    const { stdout } = await expectSuccess(
      revela(['models'], { environment: { REVELA_MODELS: path('nothing') } }),
    );
    expect(stdout).toMatch(
      /^RN50\n {2}what +CLIP .*\n {2}source +https:\/\/openaipublic.*RN50\.pt\n {2}licence +MIT\n {2}size +244 MiB \(255,827,503 bytes\)\n {2}SHA-256 +afeb0e10[0-9a-f]{56}, part of the published URL\n {2}here +no; revela models pull RN50\n/,
    );
    expect(stdout).toMatch(/^RN50x4\n(?: {2}.*\n)+? {2}size +unknown\n/m);
    expect(stdout.endsWith(`Models are kept in ${path('nothing')}\n`)).toBe(true);
    expect(namesIn(path())).not.toContain('nothing');
  });

  it('describes them in JSON, with what is there', async () => {
    const { name, models, folder, file } = await published();
    await expectSuccess(models(['pull', name]));
    const { stdout } = await expectSuccess(models(['list', '--json']));
    const [line] = jsonLines(stdout);
    expect(line).toMatchObject({ kind: 'models', folder });
    expect(line?.['models']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name, state: 'there', path: file, verified: 'sha256', size: bytes.length }),
        expect.objectContaining({ name: 'RN50', state: 'absent' }),
      ]),
    );
  });

  it('uses the folder that --folder names before that of the environment', async () => {
    const { name, models } = await published();
    const { stdout } = await expectSuccess(models(['pull', name, '--folder', 'mine']));
    expect(stdout).toBe(`${path('mine', name, `${name}.pth`)}\n`);
  });

  it.each([
    ['linux', {}, '/home/me/.cache/revela/models'],
    ['linux', { XDG_CACHE_HOME: '/var/cache/me' }, '/var/cache/me/revela/models'],
    ['linux', { XDG_CACHE_HOME: 'relative' }, '/home/me/.cache/revela/models'],
    ['darwin', {}, '/home/me/Library/Caches/revela/models'],
    ['win32', { LOCALAPPDATA: 'C:\\Local' }, 'C:\\Local\\revela\\models'],
    ['linux', { REVELA_MODELS: '/models' }, '/models'],
  ] as const)('keeps them on %s with %j in %s', (platform, environment, folder) => {
    expect(modelFolder(platform, environment, () => '/home/me')).toBe(folder);
  });

  it.each([['models'], ['models', 'list'], ['models', 'pull'], ['models', 'add'], ['models', 'remove']])(
    'has help with an example: %s %s',
    async (...args) => {
      const { stdout } = await expectSuccess(
        revela([...args.filter((word) => word !== undefined), '--help']),
      );
      expect(stdout).toMatch(/^Usage: revela models/);
      expect(stdout).toMatch(/^Examples?:\n {2}revela models/m);
    },
  );
});

describe('models pull', () => {
  it('writes the path for programs and the rest for people', async () => {
    const { name, models, file } = await published();
    const first = await expectSuccess(models(['pull', name]));
    expect(first.stdout).toBe(`${file}\n`);
    expect(first.stderr).toContain(`${name}: 391 KiB, checked by SHA-256\n`);
    expect(bytes.equals(await readFile(file))).toBe(true);
    const again = await expectSuccess(models(['pull', name.toUpperCase(), '--offline']));
    expect(again.stdout).toBe(`${file}\n`);
    expect(again.stderr).toContain(`${name}: was there already, 391 KiB, checked by SHA-256\n`);
  });

  it('tells other programs, line by line', async () => {
    const { name, models, file, model } = await published();
    const lines = jsonLines((await expectSuccess(models(['pull', name, '--json']))).stdout);
    expect(lines[0]).toMatchObject({ kind: 'downloading', model: name, received: 0, total: bytes.length });
    expect(lines.at(-1)).toEqual({
      kind: 'done',
      models: [
        {
          name,
          path: file,
          size: bytes.length,
          sha256: sha256(bytes),
          source: model.url,
          verified: 'sha256',
          downloaded: true,
        },
      ],
      failures: [],
    });
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('stops at %s and goes on where it was', async (signal, code) => {
    const { name, models, file, address, folder } = await published({ holdAfter: 150_000 });
    const stopped = await models(['pull', name, '--json'], {
      interrupt: { at: '"received":150000', signal },
    });
    server.goOn();
    expect(stopped.code).toBe(code);
    expect(stopped.stderr).toBe(
      `revela: stopped; 146 KiB of ${name} are kept, and the next pull goes on there\n`,
    );
    expect(namesIn(`${folder}/${name}`)).toEqual(['part']);
    const listing = await expectSuccess(models([]));
    expect(listing.stdout).toContain(
      `146 KiB of an interrupted download; revela models pull ${name} goes on`,
    );
    await expectSuccess(models(['pull', name]));
    expect(server.seen(address)[1]).toEqual({ path: address, range: 'bytes=150000-', ifRange: '"1"' });
    expect(bytes.equals(await readFile(file))).toBe(true);
  });

  it('goes on after a process that was killed', async () => {
    const { name, models, file, address, folder } = await published({ holdAfter: 150_000 });
    const killed = await models(['pull', name, '--json'], {
      interrupt: { at: '"received":150000', signal: 'SIGKILL' },
    });
    server.goOn();
    expect(killed.code).toBe(null);
    await expectSuccess(models(['pull', name]));
    expect(server.seen(address)[1]?.range).toBe('bytes=150000-');
    expect(bytes.equals(await readFile(file))).toBe(true);
    expect(namesIn(`${folder}/${name}`)).toEqual(['model.json', `${name}.pth`]);
  });

  it('waits while another process downloads the same', async () => {
    const { name, models, address, file } = await published({ holdAfter: 1000 });
    const first = models(['pull', name], { ownProcess: true });
    await server.asked(address, 1);
    const second = await models(['pull', name, '--json'], {
      interrupt: { at: 'waiting for that', signal: 'SIGINT' },
    });
    expect([second.code, server.seen(address).length]).toEqual([130, 1]);
    await expectRefusal(models(['remove', name]), 1, `${name} is being downloaded by another process`);
    server.goOn();
    await expectSuccess(first);
    expect(bytes.equals(await readFile(file))).toBe(true);
  });

  it('may run in several processes at once', async () => {
    const { name, models, file, folder } = await published();
    await Promise.all([1, 2, 3].map(() => expectSuccess(models(['pull', name], { ownProcess: true }))));
    expect(bytes.equals(await readFile(file))).toBe(true);
    expect(namesIn(`${folder}/${name}`)).toEqual(['model.json', `${name}.pth`]);
  });

  it('refuses a wrong file in one line and keeps nothing of it', async () => {
    const { name, models, folder } = await published({ bytes: drawnBytes(400_000, 2) });
    const { code, stdout, stderr } = await models(['pull', name]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      new RegExp(`^revela: what came from http.* is not ${name}: its SHA-256 is [^\n]+$`, 'm'),
    );
    expect(namesIn(folder)).toEqual([]);
  });

  it('goes on with the others when one cannot be had', async () => {
    const { name, models, model, file } = await published();
    await writeFile(
      path(`list${count}.json`),
      JSON.stringify({ models: [{ name: 'gone', url: server.url('/gone.pth') }, model] }),
    );
    const { code, stdout, stderr } = await models(['pull', 'gone', name, '--unverified']);
    expect([code, stdout]).toEqual([1, `${file}\n`]);
    expect(stderr).toMatch(/^revela: cannot download gone: http\S+ answers 404 Not Found: [^\n]+$/m);
    expect(stderr).toMatch(/1 of 2 models there\n$/);
  });

  it('takes up what passes after a pause, and says so', async () => {
    const { name, models } = await published({ refusals: [{ status: 503 }] });
    const { stderr } = await expectSuccess(models(['pull', name]));
    expect(stderr).toMatch(/answers 503 Service Unavailable; trying again in 1 s\n/);
  });

  it('says when nothing could be checked', async () => {
    const { name, models } = await published({}, { sha256: undefined });
    const { stderr } = await expectSuccess(models(['pull', name, '--unverified']));
    expect(stderr).toContain(`${name}: 391 KiB, not checked, nothing is known of it\n`);
  });

  it('refuses without a network what is not there', async () => {
    const { name, models, address } = await published();
    for (const more of [
      { args: ['--offline'], environment: {} },
      { args: [], environment: { REVELA_OFFLINE: '1' } },
    ]) {
      const { environment, args } = more;
      const ending = await models(['pull', name, ...args], { environment });
      expect(ending.code).toBe(1);
      expect(ending.stderr).toMatch(/^revela: .* offline nothing is downloaded; [^\n]+\n$/);
    }
    expect(server.seen(address)).toEqual([]);
  });

  it.each([
    [['pull', 'RN5'], 'there is no model RN5; known are model'],
    [['pull', '../up'], 'there is no model ../up'],
    [['pull'], "missing required argument 'NAME'"],
    [['pull', 'RN50', '--retries', '-1'], 'Expected a whole number from 0 to 1000'],
    [['remove', 'RN50'], 'RN50 is not in'],
    [['remove', '../..'], "a model's name must be"],
    [['add', 'gone.pt', '--name', '../up'], "a model's name must be"],
    [['pul', 'RN50'], 'too many arguments'],
  ])('%j is wrong usage', async (args, words) => {
    const { models, address } = await published();
    await expectRefusal(models(args), 2, words, 'see revela models');
    expect(server.seen(address)).toEqual([]);
  });

  it('on a full disk is refused, and goes on when there is room', async () => {
    const { name, models, address, file, folder } = await published();
    const { code, stderr } = await models(['pull', name], {
      wrapper: ['sh', '-c', 'ulimit -f 64; exec "$0" "$@"'],
    });
    expect(stderr).toMatch(
      /^revela: cannot write [^\n]+: the file would be larger than this disk or session allows$/m,
    );
    expect([code, namesIn(`${folder}/${name}`)]).toEqual([1, ['part']]);
    await expectSuccess(models(['pull', name]));
    expect(server.seen(address)[1]?.range).toMatch(/^bytes=(?:32768|65536)-$/);
    expect(bytes.equals(await readFile(file))).toBe(true);
  });

  it('into a folder that cannot be written is refused', async () => {
    const { name, models, folder, address } = await published();
    await mkdir(folder);
    await chmod(folder, 0o555);
    const wrapper =
      process.geteuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : [];
    const { code, stderr } = await models(['pull', name], { wrapper });
    expect(stderr).toBe(
      `revela: cannot keep ${name} in ${folder}: access is not allowed; check the permissions\n`,
    );
    expect([code, server.seen(address)]).toEqual([1, []]);
    await chmod(folder, 0o755);
  });
});

describe('models add and remove', () => {
  it('registers a file, by its hash under the listed name', async () => {
    const { name, models, folder } = await published();
    await writeFile(path('mine.pth'), bytes);
    const { stdout } = await expectSuccess(models(['add', 'mine.pth']));
    expect(stdout).toBe(`${name}: ${path('mine.pth')}, checked by SHA-256\n`);
    await expectSuccess(models(['pull', name, '--offline']));
    const removed = await expectSuccess(models(['remove', name]));
    expect(removed.stdout).toBe(`${name}: removed; the registered file stays: ${path('mine.pth')}\n`);
    expect(namesIn(folder)).toEqual([]);
  });

  it('tells other programs', async () => {
    const { models } = await published();
    await writeFile(path('other.pth'), drawnBytes(10, 5));
    const added = await expectSuccess(models(['add', 'other.pth', '--name', 'ours', '--copy', '--json']));
    expect(jsonLines(added.stdout)).toMatchObject([
      { kind: 'added', name: 'ours', size: 10, verified: 'none' },
    ]);
    const removed = await expectSuccess(models(['remove', 'ours', '--json']));
    expect(jsonLines(removed.stdout)).toEqual([{ kind: 'removed', name: 'ours' }]);
  });
});
