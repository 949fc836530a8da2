import { readFile, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { listModels } from '#src/weights/index.js';
import { namesIn } from '../cli/command.js';
import { refusal } from './files.js';
import { drawnBytes, sha256 } from './model-server.js';
import { bytes, etag, publishedModels } from './published-models.js';

const { published, server } = publishedModels();

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
