import { link, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { listModels } from '#src/weights/index.js';
import { namesIn } from '../cli/command.js';
import { refusal } from './files.js';
import { drawnBytes, sha256 } from './model-server.js';
import { bytes, type Changes, etag, publishedModels } from './published-models.js';

const { path, published, server } = publishedModels();

describe('a file that is not the right one is not kept', () => {
  it('and what was kept of the right one stays', async () => {
    const { pull, address, folder, model } = published({
      breaks: [120_000],
      listed: { size: bytes.length },
    });
    await refusal(() => pull({ retries: 0 }));
    for (const wrong of [
      { bytes: drawnBytes(50), etag: '"2"' },
      { bytes, type: 'text/html', etag: '"3"' },
    ]) {
      server.publish(address, wrong);
      await refusal(() => pull());
      expect(await listModels({ folder, models: [model] })).toMatchObject([{ received: 120_000 }]);
    }
    server.publish(address, { bytes, etag });
    await pull();
    expect(server.seen(address).at(-1)?.range).toBe('bytes=120000-');
  });

  it.each<[what: string, changes: Changes, words: RegExp]>([
    [
      'by its hash',
      { bytes: drawnBytes(300_000, 3) },
      /is not model\d+: its SHA-256 is [0-9a-f]{64}, not [0-9a-f]{64}; nothing of it was kept/,
    ],
    [
      'by the beginning of its hash',
      { listed: { sha256: '0123456789' } },
      /, not 0123456789…; nothing of it was kept/,
    ],
    [
      'by its size',
      { listed: { size: 299_999 } },
      /has 300000 bytes where 299999 were expected; it is another file/,
    ],
    [
      'by its size, where no length is given',
      { chunked: true, listed: { size: 299_999 } },
      /it has 300000 bytes, not 299999/,
    ],
    ['shorter than the server claims', { claimedLength: 200_000 }, /its SHA-256 is/],
    ['empty', { bytes: new Uint8Array(0), unhashed: true }, /it is empty; nothing of it/],
    ['a web page', { type: 'text/html; charset=utf-8' }, /sends a web page instead of the file/],
  ])('%s', async (_, changes, words) => {
    const { model, pull, folder } = published(changes);
    expect(await refusal(() => pull())).toMatch(words);
    expect(namesIn(folder)).toEqual([]);
    expect(await listModels({ folder, models: [model] })).toMatchObject([{ state: 'absent' }]);
  });

  it('longer than it should be, before the rest of it', async () => {
    const { pull, folder } = published({ chunked: true, holdAfter: 250_000, listed: { size: 200_000 } });
    expect(await refusal(() => pull())).toMatch(/it has 250000 bytes, not 200000; nothing of it was kept/);
    expect(namesIn(folder)).toEqual([]);
    server.goOn();
  });

  it('longer than the server sends', async () => {
    const { model, pull, folder } = published({ breaks: [1000], claimedLength: 300_001, ranges: false });
    expect(await refusal(() => pull({ retries: 0 }))).toMatch(/connection broke/);
    expect(namesIn(`${folder}/${model.name}`)).toEqual(['part']);
  });
});

describe('what could never end is given up', () => {
  it('a server that sends next to nothing', async () => {
    const { pull } = published({ drip: { bytes: 10, milliseconds: 20 } });
    expect(await refusal(() => pull({ patience: 0.5, retries: 0 }))).toContain(
      'sent less than 1024 bytes a second for 0.5 seconds',
    );
  });

  it('a packed body that opens to many times of what is sent', async () => {
    const packed = gzipSync(Buffer.alloc(5_000_000));
    const { pull, folder } = published({ bytes: packed, encoding: 'gzip', unhashed: true });
    expect(await refusal(() => pull())).toMatch(/sends more than \d+ bytes, which no model has/);
    expect(namesIn(folder)).toEqual([]);
  });

  it('redirects that go round in a circle', async () => {
    const { model, pull } = published();
    server.redirect('/a', '/b');
    server.redirect('/b', '/a');
    const line = await refusal(() => pull({ models: [{ ...model, url: server.url('/a') }] }));
    expect(line).toContain('leads from one place to another more than 10 times');
  });
});

describe('without encryption', () => {
  it('nothing is fetched from another machine', async () => {
    const { model, pull } = published();
    const line = await refusal(() => pull({ models: [{ ...model, url: 'http://mirror.example/a.pth' }] }));
    expect(line).toContain('without https anybody on the way could send another file');
  });

  it.each([
    ['http://mirror.example/a.pth', 'leads to mirror.example without encryption'],
    ['file:///etc/passwd', 'leads to an address that is none of the web'],
    ['data:text/plain,x', 'leads to an address that is none of the web'],
  ])('no redirect to %s is followed', async (target, words) => {
    const { model, pull } = published();
    server.redirect('/away', target);
    expect(await refusal(() => pull({ models: [{ ...model, url: server.url('/away') }] }))).toContain(words);
  });
});

describe('a model of which no hash is known', () => {
  it('is refused, unless it may be taken as it comes', async () => {
    const { pull, address } = published({ unhashed: true });
    expect(await refusal(() => pull({ unverified: false }))).toMatch(
      /^the SHA-256 of model\d+ is not known, .*allow that with `unverified`/,
    );
    expect(server.seen(address)).toEqual([]);
    expect(await pull()).toMatchObject({ verified: 'none' });
  });
});

describe.skipIf(process.platform === 'win32')('links in the folder of a model are not followed', () => {
  async function victim(folder: string): Promise<string> {
    await mkdir(folder, { recursive: true });
    const file = `${folder}/victim`;
    await writeFile(file, 'precious');
    return file;
  }

  it('where the part of a download is one', async () => {
    const { model, pull, folder } = published();
    const file = await victim(path(`outside ${model.name}`));
    const part = `${folder}/${model.name}/part`;
    await mkdir(part, { recursive: true });
    await symlink(file, `${part}/bytes`);
    await symlink(file, `${part}/source.json`);
    expect(bytes.equals(await readFile((await pull()).path))).toBe(true);
    expect(await readFile(file, 'utf8')).toBe('precious');
  });

  it('where a part is a second name of another file', async () => {
    const { model, pull, folder } = published();
    const file = await victim(path(`outside ${model.name}`));
    await mkdir(`${folder}/${model.name}/part`, { recursive: true });
    await link(file, `${folder}/${model.name}/part/bytes`);
    expect(bytes.equals(await readFile((await pull()).path))).toBe(true);
    expect(await readFile(file, 'utf8')).toBe('precious');
  });

  it('where the folder of the part is one', async () => {
    const { model, pull, folder } = published();
    const outside = path(`outside ${model.name}`);
    await victim(outside);
    await mkdir(`${folder}/${model.name}`, { recursive: true });
    await symlink(outside, `${folder}/${model.name}/part`);
    await pull();
    expect(namesIn(outside)).toEqual(['victim']);
  });

  it('where the folder of the model is one', async () => {
    const { model, pull, folder } = published();
    const outside = path(`outside ${model.name}`);
    await victim(outside);
    await mkdir(folder, { recursive: true });
    await symlink(outside, `${folder}/${model.name}`);
    expect(await refusal(() => pull())).toContain('is a link, which is not followed');
    expect(namesIn(outside)).toEqual(['victim']);
  });
});

describe('refusals', () => {
  it.each([
    [
      404,
      /answers 404 Not Found: the file is not there any more; get the file elsewhere and register it with `addModel\(FILE, \{ name: 'model\d+' \}\)`$/,
    ],
    [403, /answers 403 Forbidden: it does not allow the download; get the file elsewhere/],
  ])('with %i at once', async (status, words) => {
    const { pull, address, notes } = published({ refusals: Array.from({ length: 9 }, () => ({ status })) });
    expect(await refusal(() => pull())).toMatch(words);
    expect([server.seen(address).length, notes.length]).toEqual([1, 0]);
  });

  it('with 502 after a few attempts', async () => {
    const { pull, address } = published({ refusals: Array.from({ length: 9 }, () => ({ status: 502 })) });
    expect(await refusal(() => pull({ retries: 2 }))).toMatch(
      /answers 502 Bad Gateway; try again later, or get/,
    );
    expect(server.seen(address)).toHaveLength(3);
  });

  it('that break off and begin anew, each time as far as before, after a few attempts', async () => {
    const long = drawnBytes(1_500_000, 3);
    const { pull, address } = published({
      bytes: long,
      breaks: Array.from({ length: 9 }, () => 1_200_000),
      contentRange: `bytes 7-${long.length - 1}/${long.length}`,
      listed: { sha256: sha256(long) },
    });
    expect(await refusal(() => pull({ retries: 3 }))).toMatch(/^cannot download model\d+: /);
    expect(server.seen(address)).toHaveLength(4);
  });

  it('by a server that is not there', async () => {
    const { model, pull } = published();
    const gone = { ...model, url: 'http://127.0.0.1:1/model.pth' };
    expect(await refusal(() => pull({ models: [gone], retries: 1 }))).toMatch(
      /^cannot download model\d+: http:\/\/127.0.0.1:1\/model.pth cannot be fetched: /,
    );
  });

  it('offline, without a request', async () => {
    const { pull, address, folder, model } = published();
    expect(await refusal(() => pull({ offline: true }))).toBe(
      `${model.name} is not in ${folder}, and offline nothing is downloaded; pull it with a network, or register a copy with \`addModel(FILE, { name: '${model.name}' })\``,
    );
    expect(server.seen(address)).toEqual([]);
  });
});
