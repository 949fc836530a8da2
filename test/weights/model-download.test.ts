import { link, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
  type DownloadProgress,
  type ListedModel,
  listModels,
  type PullOptions,
  pullModel,
} from '#src/weights/index.js';
import { namesIn } from '../cli/command.js';
import { refusal, temporaryFolder } from './files.js';
import { drawnBytes, modelServer, type Published, sha256 } from './model-server.js';

const path = temporaryFolder();
const server = modelServer();
const bytes = drawnBytes(300_000);
const etag = '"first"';
let count = 0;

/** What is other than usual. */
interface Changes extends Partial<Published> {
  readonly listed?: Partial<ListedModel>;
  /** The server sends no entity tag. */
  readonly untagged?: boolean;
  /** The list has no hash. */
  readonly unhashed?: boolean;
}

/** A model of its own on the server, in a store of its own. */
function published({ listed, untagged = false, unhashed = false, ...file }: Changes = {}) {
  const name = `model${++count}`;
  const address = `/${name}.pth`;
  server.publish(address, { bytes, ...(untagged ? {} : { etag }), ...file });
  const model: ListedModel = {
    name,
    url: server.url(address),
    ...(unhashed ? {} : { sha256: sha256(bytes) }),
    ...listed,
  };
  const folder = path(`store ${count}`);
  const notes: string[] = [];
  const received: number[] = [];
  const onProgress = (progress: DownloadProgress): void => {
    if (progress.kind === 'note') notes.push(progress.message);
    else {
      received.push(progress.received);
      server.arrived(address, progress.received);
    }
  };
  const pull = (options: Partial<PullOptions> = {}) =>
    pullModel(name, { folder, models: [model], pause: 0, onProgress, unverified: unhashed, ...options });
  return { model, pull, notes, received, address, folder };
}

describe('a download', () => {
  it('comes whole, is checked, and is not fetched twice', async () => {
    const { model, pull, received, address, folder } = published({
      listed: { licence: 'MIT', size: bytes.length },
    });
    const pulled = await pull();
    expect(pulled).toEqual({
      name: model.name,
      path: `${folder}/${model.name}/${model.name}.pth`,
      size: bytes.length,
      sha256: sha256(bytes),
      source: model.url,
      verified: 'sha256',
      licence: 'MIT',
      downloaded: true,
    });
    expect(bytes.equals(await readFile(pulled.path))).toBe(true);
    expect(namesIn(`${folder}/${model.name}`)).toEqual(['model.json', `${model.name}.pth`]);
    expect([received[0], received.at(-1)]).toEqual([0, bytes.length]);
    expect(await pull({ offline: true })).toMatchObject({ path: pulled.path, downloaded: false });
    expect(server.seen(address)).toHaveLength(1);
  });

  it('goes on where the connection broke, for the same file only', async () => {
    const { pull, notes, address } = published({ breaks: [100_000, 50_000] });
    const { path: file } = await pull();
    expect(bytes.equals(await readFile(file))).toBe(true);
    const [first, second, third] = server.seen(address);
    expect(first).toEqual({ path: address });
    expect([second?.range, second?.ifRange]).toEqual(['bytes=100000-', etag]);
    expect(third?.range).toBe('bytes=150000-');
    expect(notes).toHaveLength(2);
    expect(notes[0]).toMatch(/cannot be fetched: the connection broke \(UND_ERR_SOCKET\); trying again$/);
  });

  it('goes on by the date where there is no entity tag', async () => {
    const lastModified = 'Tue, 03 Mar 2026 10:00:00 GMT';
    const { pull, address } = published({
      untagged: true,
      lastModified,
      breaks: [70_000],
    });
    await pull();
    expect(server.seen(address)[1]).toMatchObject({ range: 'bytes=70000-', ifRange: lastModified });
  });

  it('is kept when it is given up, and a later pull goes on', async () => {
    const { model, pull, address, folder } = published({ breaks: [120_000] });
    expect(await refusal(() => pull({ retries: 0 }))).toMatch(
      /^cannot download model\d+: http:.* connection broke .*; try again later, it goes on after the 120000 bytes that came,/,
    );
    expect(namesIn(`${folder}/${model.name}`)).toEqual(['part']);
    expect(await listModels({ folder, models: [model] })).toMatchObject([
      { state: 'partial', received: 120_000 },
    ]);
    expect(bytes.equals(await readFile((await pull()).path))).toBe(true);
    expect(server.seen(address)[1]?.range).toBe('bytes=120000-');
  });

  it('begins anew when the file has changed meanwhile', async () => {
    const { model, pull, address, received } = published({
      breaks: [120_000],
      unhashed: true,
    });
    await refusal(() => pull({ retries: 0 }));
    const other = drawnBytes(200_000, 2);
    server.publish(address, { bytes: other, etag: '"second"' });
    const pulled = await pull();
    expect(other.equals(await readFile(pulled.path))).toBe(true);
    expect(pulled).toMatchObject({ name: model.name, sha256: sha256(other), verified: 'none' });
    expect(server.seen(address)[1]).toMatchObject({ range: 'bytes=120000-', ifRange: etag });
    expect(received.at(-1)).toBe(200_000);
  });

  it('begins anew at a server that knows no ranges', async () => {
    const { pull, address, received } = published({ breaks: [120_000], ranges: false });
    expect(bytes.equals(await readFile((await pull()).path))).toBe(true);
    expect(server.seen(address)).toHaveLength(2);
    expect(received).toContain(0);
  });

  it('is not continued without a sign that it is the same file', async () => {
    const { pull, address } = published({
      breaks: [120_000],
      untagged: true,
      unhashed: true,
    });
    expect(bytes.equals(await readFile((await pull()).path))).toBe(true);
    expect(server.seen(address)[1]).toEqual({ path: address });
  });

  it('whose kept beginning does not fit is fetched again from the start', async () => {
    const { model, pull, address, folder, notes } = published({ breaks: [120_000] });
    await refusal(() => pull({ retries: 0 }));
    await writeFile(`${folder}/${model.name}/part/bytes`, drawnBytes(120_000, 9));
    expect(bytes.equals(await readFile((await pull()).path))).toBe(true);
    expect(server.seen(address)).toHaveLength(3);
    expect(notes.at(-1)).toMatch(/does not continue what was kept .*; trying again$/);
  });

  it('that was joined of parts that do not fit is fetched anew within the same pull', async () => {
    const { pull, address, notes } = published({ breaks: [120_000] });
    const changed = pull({
      onProgress: (progress) => {
        if (progress.kind !== 'downloading' || progress.received < 120_000) return;
        // The file of the first bytes becomes another one, under the same tag.
        if (server.seen(address).length === 1)
          server.publish(address, { bytes: drawnBytes(300_000, 5), etag });
        else server.publish(address, { bytes, etag });
        server.arrived(address, progress.received);
      },
    });
    expect(bytes.equals(await readFile((await changed).path))).toBe(true);
    expect(server.seen(address)).toHaveLength(3);
    expect(server.seen(address)[1]?.range).toBe('bytes=120000-');
    expect(server.seen(address)[2]?.range).toBeUndefined();
    expect(notes).toEqual([]);
  });

  it('without a length is whole when it fits', async () => {
    const { pull } = published({ chunked: true });
    expect((await pull()).size).toBe(bytes.length);
  });

  it('cut off without a length is taken up again', async () => {
    const { pull, address } = published({ chunked: true, breaks: [9000] });
    expect((await pull()).size).toBe(bytes.length);
    expect(server.seen(address)).toHaveLength(2);
  });

  it('survives failures that pass, and other parts than it asked for', async () => {
    const { pull, notes, address } = published({
      refusals: [{ status: 500 }, { status: 503, headers: { 'retry-after': '0' } }],
      breaks: [1000],
      contentRange: `bytes 7-${bytes.length - 1}/${bytes.length}`,
    });
    expect(bytes.equals(await readFile((await pull()).path))).toBe(true);
    expect(server.seen(address)).toHaveLength(5);
    expect(notes.map((note) => note.replace(/^\S+ /, ''))).toEqual([
      'answers 500 Internal Server Error; trying again',
      'answers 503 Service Unavailable; trying again',
      expect.stringMatching(/^cannot be fetched: the connection broke/),
      'sends another part of the file than was asked for; trying again',
    ]);
  });

  it('follows a redirect', async () => {
    const { model, pull, address } = published();
    server.redirect(`/moved${address}`, server.url(address));
    const moved = { ...model, url: server.url(`/moved${address}`) };
    expect(await pull({ models: [moved] })).toMatchObject({ source: moved.url, downloaded: true });
  });

  it('is checked by as much of the hash as is known', async () => {
    const beginning = sha256(bytes).slice(0, 8);
    const { pull } = published({ listed: { sha256: beginning } });
    expect(await pull()).toMatchObject({ verified: 'sha256-beginning', sha256: sha256(bytes) });
  });

  it('that stops on request keeps what came', async () => {
    const { model, pull, folder, address } = published({ holdAfter: 64_000 });
    const stop = new AbortController();
    const stopped = pull({
      signal: stop.signal,
      onProgress: (progress) => {
        if (progress.kind === 'downloading' && progress.received === 64_000)
          stop.abort(new Error('asked to'));
      },
    });
    await expect(stopped).rejects.toThrow('asked to');
    server.goOn();
    expect(await listModels({ folder, models: [model] })).toMatchObject([
      { state: 'partial', received: 64_000 },
    ]);
    expect(bytes.equals(await readFile((await pull()).path))).toBe(true);
    expect(server.seen(address)[1]?.range).toBe('bytes=64000-');
  });

  it('from a server that falls silent is taken up again', async () => {
    const { pull, notes } = published({ holdAfter: 64_000 });
    expect(bytes.equals(await readFile((await pull({ patience: 0.3 })).path))).toBe(true);
    server.goOn();
    expect(notes).toEqual([expect.stringMatching(/ sent nothing for 0.3 seconds; trying again$/)]);
  });
});

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

describe('several at once', () => {
  it('in one process fetch a model once', async () => {
    const { pull, notes, address, model } = published({ holdAfter: 1000 });
    const first = pull();
    await server.asked(address, 1);
    const second = pull({
      onProgress: (progress) => {
        if (progress.kind !== 'note') return;
        notes.push(progress.message);
        server.goOn();
      },
    });
    const results = await Promise.all([first, second]);
    expect(results.map(({ downloaded }) => downloaded)).toEqual([true, false]);
    expect(notes).toEqual([
      `${model.name} is being downloaded already, by process ${process.pid}; waiting for that`,
    ]);
    expect(server.seen(address)).toHaveLength(1);
  });

  it('take over from one that failed', async () => {
    const { pull, address } = published({ breaks: [5000] });
    const results = await Promise.allSettled([
      pull({ retries: 0 }),
      pull({ retries: 0 }),
      pull({ retries: 0 }),
    ]);
    const done = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    expect(done.length).toBeGreaterThanOrEqual(1);
    for (const { path: file } of done) expect(bytes.equals(await readFile(file))).toBe(true);
    expect(server.seen(address).length).toBeLessThanOrEqual(4);
  });
});
