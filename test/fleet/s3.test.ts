import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { JobWork, Unable } from '#src/fleet/job-work.js';
import { planResults } from '#src/fleet/plan-results.js';
import { writeRecipe } from '#src/fleet/recipe.js';
import type { S3Storage } from '#src/fleet/storage/s3-storage.js';
import { openSubmitStorage } from '#src/fleet/storage/open-storage.js';
import { StorageAway, StorageRefusal } from '#src/fleet/storage/storage.js';
import { packageVersion } from '#src/package-version.js';
import { freePort } from '../redis/server.js';
import { interferingServer, listening } from './s3-server.js';
import { open, server, signal } from './s3-folder.js';

const textOf = async (storage: S3Storage, place: string): Promise<string> => {
  await using file = await storage.fetch(place);
  return readFile(file.path, 'utf8');
};

/** Puts texts under keys, each its own text. */
async function fill(storage: S3Storage, places: readonly string[]): Promise<void> {
  for (const place of places) await storage.put(place, new Blob([place]));
}

describe('a folder of S3', () => {
  it('finds the pictures of folders, a page of keys after the other, and the places of their results', async () => {
    await using storage = await open('s3://photos/found', 3);
    const odd = 'a+b (1)%20é!.JPG';
    await fill(storage, [
      ...['in/1.png', 'in/2.jpg', 'in/3.webp', 'in/4.tif', `in/${odd}`, 'in/notes.md', 'in/.hidden.png'],
      ...['in/deep/1.png', 'in/clean/1.png'],
    ]);
    const flat = await storage.search(['s3://photos/found/in'], {});
    const names = ['1.png', '2.jpg', '3.webp', '4.tif', odd];
    expect(flat.pictures.map(({ place }) => place).sort()).toEqual([...names].sort());
    expect(await textOf(storage, `in/${odd}`)).toBe(`in/${odd}`);
    const output = 's3://photos/found/in/clean/';
    const deep = await storage.search(['s3://photos/found/in/', 's3://photos/found/in/1.png'], {
      ...{ recursive: true, exceptFolder: output },
    });
    expect(deep.pictures.map(({ place }) => place).sort()).toEqual([...names, 'deep/1.png'].sort());
    const pairs = await storage.outputsOf(deep, output, 'png');
    expect(pairs).toContainEqual({
      input: 's3://photos/found/in/2.jpg',
      output: 's3://photos/found/in/clean/2.png',
    });
    const isThere = await storage.resultsIn(output);
    expect(pairs.filter((pair) => isThere(pair.output)).map((pair) => pair.input)).toEqual([
      's3://photos/found/in/1.png',
    ]);
    const alone = await storage.search(['s3://photos/found/in/2.jpg'], {});
    expect(alone.pictures).toEqual([{ path: 's3://photos/found/in/2.jpg', place: '2.jpg' }]);
    await expect(storage.outputsOf(deep, 's3://photos/found/in', undefined)).rejects.toThrow(
      'would replace the input s3://photos/found/in/',
    );
    await expect(storage.search(['s3://photos/found/nowhere'], {})).rejects.toThrow(
      'there are no pictures in',
    );
    await expect(storage.search(['s3://photos/in'], {})).rejects.toThrow('lies outside of s3://photos/found');
    await expect(storage.search(['shots/'], {})).rejects.toThrow('shots/ is no address in S3');
  });

  it('takes lists, and names files of scores', async () => {
    await using storage = await open('s3://photos/listed');
    await storage.put('list.txt', new Blob(['in/a.png\r\n./b.png\n\n']));
    const options = { redis: '', output: 's3://photos/listed/scores/' };
    const { pairs } = await planResults(['s3://photos/listed/list.txt'], { work: 'score' }, options, storage);
    expect(pairs).toEqual([
      { input: 's3://photos/listed/in/a.png', output: 's3://photos/listed/scores/in/a.png.json' },
      { input: 's3://photos/listed/b.png', output: 's3://photos/listed/scores/b.png.json' },
    ]);
    await storage.put('scores/b.png.json', new Blob(['{}']));
    const again = planResults(['s3://photos/listed/list.txt'], { work: 'score' }, options, storage);
    await expect(again).rejects.toThrow('s3://photos/listed/scores/b.png.json exists already');
    const none = planResults(['s3://photos/listed/none.txt'], { work: 'score' }, options, storage);
    await expect(none).rejects.toThrow('s3://photos/listed/none.txt does not exist');
  });

  it.each([
    ['photos', 'eu-west-1', 'https://photos.s3.eu-west-1.amazonaws.com'],
    ['my.photos', 'eu-west-1', 'https://s3.eu-west-1.amazonaws.com'],
    ['photos', 'cn-north-1', 'https://photos.s3.cn-north-1.amazonaws.com.cn'],
  ])('reaches the bucket %s of Amazon’s region %s', async (bucket, region, address) => {
    vi.stubEnv('AWS_ENDPOINT_URL_S3', undefined);
    vi.stubEnv('AWS_DEFAULT_REGION', region);
    await using storage = await open(`s3://${bucket}`);
    expect(storage.bucket.address).toBe(`S3 at ${address}`);
  });

  it('keeps what is written to it, over what was there, and says what is not there', async () => {
    await using storage = await open();
    await using result = await storage.result('kept/a.txt');
    for (const text of ['one', 'two']) {
      await writeFile(result.path, text);
      await result.keep();
      expect(await storage.read('kept/a.txt')).toBe(text);
    }
    expect(await storage.filesIn('kept')).toEqual(['a.txt']);
    expect(await storage.read('kept/b.txt')).toBeUndefined();
    await expect(storage.fetch('kept/b.txt')).rejects.toThrow('s3://photos/kept/b.txt does not exist');
  });

  it('asks again where the server is busy or breaks off, and says so where it stays so', async () => {
    let troubles: string[] = [];
    await using busy = await interferingServer(server.port, (_, answer) => {
      const trouble = troubles.shift();
      if (trouble === 'busy') answer.writeHead(503).end('<Error><Code>SlowDown</Code></Error>');
      if (trouble === 'cut') {
        answer.writeHead(200, { 'content-length': 9 }).write('half', () => answer.destroy());
      }
      return trouble !== undefined;
    });
    vi.stubEnv('AWS_ENDPOINT_URL_S3', busy.endpoint);
    await using storage = await open();
    troubles = ['busy', 'busy'];
    await storage.put('busy/a.txt', new Blob(['all of it']));
    troubles = ['cut', 'busy'];
    expect(await textOf(storage, 'busy/a.txt')).toBe('all of it');
    troubles = Array(5).fill('busy');
    const failed = storage.read('busy/a.txt');
    await expect(failed).rejects.toThrow(`S3 at ${busy.endpoint} answers 503 SlowDown`);
    await expect(failed).rejects.toBeInstanceOf(StorageAway);
  }, 30_000);

  it.each([
    ['AWS_ACCESS_KEY_ID', 'SOMEBODY', 'does not know the access key: check AWS_ACCESS_KEY_ID'],
    [
      'AWS_SECRET_ACCESS_KEY',
      'wrong',
      'says that the secret key is another one: check AWS_SECRET_ACCESS_KEY',
    ],
  ])('says that %s is wrong', async (name, value, line) => {
    vi.stubEnv(name, value);
    await using storage = await open();
    const refused = storage.read('a.txt');
    await expect(refused).rejects.toThrow(line);
    await expect(refused).rejects.toBeInstanceOf(StorageRefusal);
  });

  it('says that there is no bucket of that name, and that the clocks disagree', async () => {
    await using other = await open('s3://none-such');
    await expect(other.read('a.txt')).rejects.toThrow('there is no bucket none-such at S3 at http://127');
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
    await using storage = await open();
    await expect(storage.read('a.txt')).rejects.toThrow(
      /the clocks of this machine and of S3 at .* disagree/,
    );
  });

  it('says that what is there is no S3, and that nobody is there', async () => {
    await using page = await listening(createServer((_, answer) => answer.writeHead(400).end('<html>')));
    vi.stubEnv('AWS_ENDPOINT_URL_S3', page.endpoint);
    await using storage = await open();
    await expect(storage.read('a.txt')).rejects.toThrow('answers 400: it may be no S3');
    vi.stubEnv('AWS_ENDPOINT_URL_S3', `http://127.0.0.1:${await freePort()}`);
    await using nobody = await open();
    await expect(nobody.read('a.txt')).rejects.toThrow('cannot be reached (nobody listens there)');
  }, 30_000);

  it.each([
    ['AccessDenied', 403, 'does not let this key read or write s3://photos/a.txt'],
    ['ExpiredToken', 400, 'takes AWS_SESSION_TOKEN no more'],
    [
      'PermanentRedirect',
      301,
      'the bucket photos is not in the region us-east-1: set AWS_REGION to eu-west-1',
    ],
    ['InvalidObjectState', 403, 's3://photos/a.txt lies in an archive'],
    ['XMinioStorageFull', 400, 'is full'],
    ['Strange', 418, 'answers 418 Strange: a teapot'],
  ])(
    'says what %s means',
    async (code, status, line) => {
      const xml = `<Error><Code>${code}</Code><Message>a teapot</Message><Region>eu-west-1</Region></Error>`;
      await using strange = await listening(createServer((_, answer) => answer.writeHead(status).end(xml)));
      vi.stubEnv('AWS_ENDPOINT_URL_S3', strange.endpoint);
      await using storage = await open();
      await expect(storage.read('a.txt')).rejects.toThrow(line);
    },
    30_000,
  );

  it('that refuses one picture fails that alone; that refuses all is about this machine', async () => {
    let refuses = /picture/;
    const xml = '<Error><Code>AccessDenied</Code></Error>';
    await using strict = await interferingServer(server.port, ({ url = '' }, answer) => {
      const isRefused = refuses.test(url);
      if (isRefused) answer.writeHead(403).end(xml);
      return isRefused;
    });
    vi.stubEnv('AWS_ENDPOINT_URL_S3', strict.endpoint);
    await using storage = await open('s3://photos/strict');
    const recipe = await writeRecipe(storage, 'clean', {
      ...{ format: 'revela-fleet-1', revela: packageVersion(), work: 'score', options: {}, result: {} },
    });
    const work = new JobWork(storage, { make: () => Promise.reject(new Error('not made')) }, { redis: '' });
    const picture = { input: 'picture.png', output: 'clean/picture.png', sha256: '0'.repeat(64) };
    const job = { revela: packageVersion(), recipe, folder: 'clean', pictures: [picture] };
    const own = await work.recipeOf(job, signal);
    expect(await work.picture(own, picture, signal)).toMatchObject({
      message: expect.stringContaining('does not let this key read or write s3://photos/strict/picture.png'),
    });
    refuses = /strict/;
    await expect(work.picture(own, picture, signal)).rejects.toThrow(Unable);
  });

  it('refuses settings that are none', async () => {
    for (const name of ['s3://', 's3:photos', 's3://photos/../x', 's3://photos//x', 's3://ph otos/x'])
      await expect(open(name)).rejects.toThrow('must be an address such as s3://BUCKET/FOLDER');
    vi.stubEnv('AWS_ENDPOINT_URL_S3', 'storage.lan');
    await expect(open()).rejects.toThrow('must be an address such as https://storage.lan:9000');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', '');
    await expect(open()).rejects.toThrow('AWS_SECRET_ACCESS_KEY is missing');
    const mixed = openSubmitStorage(['s3://photos/in'], { output: 'clean' });
    await expect(mixed).rejects.toThrow('pictures and results lie there together');
    const strange = openSubmitStorage(['in'], { output: 'clean', shared: 'gs://photos' });
    await expect(strange).rejects.toThrow('`shared` must be a folder, s3://BUCKET/FOLDER');
  });
});
