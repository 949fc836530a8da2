import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer, request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fleetStatus, shareFolder, submitPictures, workInFleet } from '#src/fleet/index.js';
import { makeProofs } from '#src/fleet/proofs.js';
import { type Recipe, writeRecipe } from '#src/fleet/recipe.js';
import { openStorage, openSubmitStorage } from '#src/fleet/storage/open-storage.js';
import { ShareStorage } from '#src/fleet/storage/share-storage.js';
import { SharedFolder } from '#src/fleet/storage/shared-folder.js';
import { type ResultOf, StorageAway, StorageRefusal } from '#src/fleet/storage/storage.js';
import { packageVersion } from '#src/package-version.js';
import { readToken } from '#src/tokens.js';
import { expectRefusal, photograph, revela, temporaryFolder } from '../cli/command.js';
import { freePort, redisOrReason, type RedisServer, redisServer } from '../redis/server.js';
import { until } from '../until.js';
import { importing, startedByNobody } from './nobody.js';
import { drawWork, madeAlone } from './own-work.js';
import { listening } from './s3-server.js';

const path = temporaryFolder();
const { signal } = new AbortController();
const token = 'a token of many letters'.replaceAll(' ', '-');
const tokens = new Map([['laptop', token]]);
const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();
const recipe: Recipe = {
  ...{ format: 'revela-fleet-1', revela: packageVersion(), work: 'score' },
  ...{ options: {}, result: {} },
};

/** A folder with a picture and a folder of results, shared; and the same as a worker has it. */
async function given(name: string) {
  const shared = path(name);
  await mkdir(join(shared, 'clean'), { recursive: true });
  await writeFile(join(shared, 'a.png'), 'picture');
  const folder = await SharedFolder.at(shared);
  const id = await writeRecipe(folder, 'clean', recipe);
  const proofs = await makeProofs(folder, 'clean');
  const told: string[] = [];
  const sharing = await shareFolder({ shared, tokens, port: 0, tell: (line) => void told.push(line) });
  const storage = ShareStorage.at(sharing.address, token, signal);
  /** Which job a result is of, as it was submitted. */
  const of = (output: string, others: { readonly recipe?: string; readonly input?: string } = {}) => {
    const asked = { folder: 'clean', recipe: id, input: 'a.png', ...others };
    return { ...asked, proof: proofs(asked.recipe, { input: asked.input, output }) };
  };
  return { shared, sharing, storage, id, of, told, sha256: hashOf('picture').toString('hex') };
}

describe('a folder that is shared over HTTP', () => {
  it('gives what is in it to who knows the hash, and takes results', async () => {
    const { shared, sharing, storage, id, of, told, sha256 } = await given('shared');
    await using _ = sharing;
    await using closing = storage;
    let copy = '';
    {
      await using file = await closing.fetch('a.png', sha256);
      copy = file.path;
      expect(await readFile(copy, 'utf8')).toBe('picture');
    }
    await expect(readFile(copy)).rejects.toThrow('ENOENT');
    expect(JSON.parse((await storage.read(`clean/.revela-fleet/${id}.json`, id)) ?? '')).toEqual(recipe);
    expect(await storage.read('clean/b.json', id)).toBeUndefined();
    await using result = await storage.result('clean/inside/a (1)%20é.png', of('clean/inside/a (1)%20é.png'));
    for (const text of ['one', 'two']) {
      await writeFile(result.path, text);
      await result.keep();
      expect(await readFile(join(shared, 'clean', 'inside', 'a (1)%20é.png'), 'utf8')).toBe(text);
    }
    expect(await readdir(join(shared, 'clean', 'inside'))).toEqual(['a (1)%20é.png']);
    expect(told.at(-1)).toMatch(/^Took .*a \(1\)%20é\.png$/);
  });

  it('refuses what is none of a worker’s business, in one line', async () => {
    const { shared, sharing, storage, id, of, sha256 } = await given('refused');
    await using _ = sharing;
    await using closing = storage;
    const changed = closing.fetch('a.png', '0'.repeat(64));
    await expect(changed).rejects.toThrow('a.png was changed since it was submitted; submit it again');
    const gone = closing.fetch('b.png', sha256);
    await expect(gone).rejects.toMatchObject({
      ...{ code: 'ERR_FILE_MISSING', message: expect.stringContaining(': cannot read b.png: it does not') },
    });
    await writeFile(path('secret.png'), 'picture');
    await symlink(path('secret.png'), join(shared, 'link.png'));
    await expect(closing.fetch('link.png', sha256)).rejects.toThrow('lies outside of');
    await expect(closing.fetch('clean', sha256)).rejects.toThrow('it is a folder, not a file');
    const put = async (place: string, others: Partial<ResultOf> = {}): Promise<void> => {
      await using result = await closing.result(place, { ...of(place, others), ...others });
      await writeFile(result.path, 'result');
      await result.keep();
    };
    await expect(put('b.png')).rejects.toThrow('b.png is no place for a result in clean');
    await symlink(join(shared, 'clean', '.revela-fleet'), join(shared, 'clean', 'own'));
    for (const own of [`.revela-fleet/${id}.json`, 'deep/.Revela-Fleet/x.json', `own/${id}.json`])
      await expect(put(`clean/${own}`)).rejects.toThrow('is no place for a result: fleets keep their own');
    // What was not submitted is not written, whoever knows the recipe: inputs are no results.
    for (const proof of ['', 'x'.repeat(22), of('clean/a.png').proof])
      await expect(put('clean/b.png', { proof })).rejects.toThrow(
        'clean/b.png was not submitted as a result',
      );
    await expect(put('clean/a.png', { recipe: '0'.repeat(32) })).rejects.toThrow('is no folder of results');
    await writeFile(join(shared, 'clean', 'b.png'), 'picture');
    const replacing = put('clean/b.png', { input: 'clean/b.png' });
    await expect(replacing).rejects.toThrow('would replace the picture');
    expect(await readFile(join(shared, 'clean', 'b.png'), 'utf8')).toBe('picture');
  });

  it('answers questions that no worker asks', async () => {
    const { shared, sharing, of } = await given('strange');
    const asked = new URLSearchParams(of('clean/a.png')).toString();
    await using _ = sharing;
    const ask = async (place: string, init: RequestInit = {}) => {
      const headers = { Authorization: `Bearer ${token}`, ...init.headers };
      const answer = await fetch(`${sharing.address}/v1/files/${place}`, { ...init, headers });
      return [answer.status, await answer.text()];
    };
    expect(await ask('a.png')).toEqual([400, expect.stringContaining('who knows its hash')]);
    for (const outside of ['..%2Fsecret.png', '%2Fetc%2Fpasswd', 'a%2F%2Fb', 'a%5Cb'])
      expect(await ask(`${outside}?sha256=${'0'.repeat(64)}`)).toEqual([
        ...[400, expect.stringContaining('must be a path inside of the folder')],
      ]);
    const put = (digest: Record<string, string>) =>
      ask(`clean/a.png?${asked}`, {
        ...{ method: 'PUT', body: 'result', headers: digest },
      });
    expect(await put({})).toEqual([400, expect.stringContaining('Content-Digest')]);
    const digest = `sha-256=:${hashOf('another').toString('base64')}:`;
    expect(await put({ 'Content-Digest': digest })).toEqual([
      500,
      expect.stringContaining('not what was sent'),
    ]);
    expect(await readdir(join(shared, 'clean'))).toEqual(['.revela-fleet']);
    const other = await ask('a.png', { headers: { 'Revela-Version': '0.0.9' } });
    expect(other).toEqual([426, expect.stringContaining('shared by revela')]);
    expect((await fetch(sharing.address, { headers: { Authorization: `Bearer ${token}` } })).status).toBe(
      404,
    );
  });

  it('keeps nothing of a result that breaks off', async () => {
    const { shared, sharing, of } = await given('broken');
    await using _ = sharing;
    const url = `${sharing.address}/v1/files/clean/a.png?${new URLSearchParams(of('clean/a.png')).toString()}`;
    const headers = {
      Authorization: `Bearer ${token}`,
      'Content-Digest': 'sha-256=::',
      'Content-Length': 100,
    };
    const sending = request(url, { method: 'PUT', headers });
    sending.on('error', () => {});
    sending.write('half');
    const files = () => readdir(join(shared, 'clean'));
    await until(async () => (await files()).length === 2);
    sending.destroy();
    await until(async () => (await files()).length === 1);
    expect(await files()).toEqual(['.revela-fleet']);
  });

  it('lets in who has a token', async () => {
    const { sharing, sha256 } = await given('tokens');
    await using _ = sharing;
    for (const [given, line] of [
      [undefined, 'lets in who has a token: give its file by `tokenFile`'],
      ['another token of many letters', 'and this one is not known there'],
    ] as const) {
      await using storage = ShareStorage.at(sharing.address, given, signal);
      const refused = storage.fetch('a.png', sha256);
      await expect(refused).rejects.toThrow(line);
      await expect(refused).rejects.toBeInstanceOf(StorageRefusal);
    }
    const open = shareFolder({ host: '0.0.0.0', port: 0 });
    await expect(open).rejects.toThrow('give `tokens`, or `open` to let anyone in');
    await expect(shareFolder({ shared: path('nowhere') })).rejects.toThrow('cannot open the folder');
    const { port } = new URL(sharing.address);
    const taken = shareFolder({ shared: path('tokens'), port: Number(port) });
    await expect(taken).rejects.toThrow(`cannot listen at 127.0.0.1:${port}`);
    await writeFile(path('token'), `laptop ${token}\n`);
    expect(await readToken(path('token'))).toBe(token);
    await writeFile(path('token'), 'short');
    await expect(readToken(path('token'))).rejects.toThrow('must hold one line, TOKEN or NAME TOKEN');
  });

  it('says that another server is none, and that nobody is there', async () => {
    await using page = await listening(createServer((_, answer) => answer.writeHead(404).end('<html>')));
    await using other = ShareStorage.at(page.endpoint, undefined, signal);
    await expect(other.read('a.json', '0')).rejects.toThrow('answers 404, and is no `revela fleet share`');
    await using silent = ShareStorage.at(`http://127.0.0.1:${await freePort()}`, undefined, signal);
    const away = silent.read('a.json', '0');
    await expect(away).rejects.toThrow('cannot be reached (nobody listens there)');
    await expect(away).rejects.toBeInstanceOf(StorageAway);
    expect(() => ShareStorage.at('http://user:pw@host', undefined, signal)).toThrow('`shared` must be');
    await expect(openStorage({ token })).rejects.toThrow('a token is for the address of');
    const submitted = openSubmitStorage(['a.png'], { output: 'clean', shared: page.endpoint });
    await expect(submitted).rejects.toThrow('submit where the folder is');
  }, 30_000);
});

describe.skipIf(redisOrReason() !== undefined)('a fleet whose files come over HTTP', () => {
  let redis: RedisServer;
  beforeAll(async () => {
    redis = await redisServer();
  });
  afterAll(() => redis[Symbol.asyncDispose]());

  it('makes what one machine makes, and waits while the machine with the folder is away', async () => {
    const shared = path('fleet');
    const weights = path('own.safetensors');
    await drawWork(join(shared, 'shots'), weights);
    const queue = { redis: redis.url, queue: 'http' };
    const submitted = await submitPictures(
      [join(shared, 'shots')],
      { work: 'denoise', options: { weights } },
      { ...queue, shared, output: join(shared, 'clean') },
    );
    expect(submitted).toMatchObject({ pictures: 3, failures: [] });
    const port = await freePort();
    const address = `http://127.0.0.1:${port}`;
    const told: string[] = [];
    const working = workInFleet({
      ...{ ...queue, shared: address, token, untilEmpty: true, tell: (line) => void told.push(line) },
    });
    await until(async () => told.length > 0);
    expect(told).toEqual([`${address} cannot be reached (nobody listens there); waiting for it`]);
    await using _ = await shareFolder({ shared, tokens, port });
    expect(await working).toEqual({ pictures: 3, failed: 0 });
    expect(await fleetStatus(queue)).toMatchObject({ waiting: 0, active: 0, failed: 0 });
    for (const [name, made] of await madeAlone(join(shared, 'shots'), weights, path('single')))
      expect((await readFile(join(shared, 'clean', name))).equals(made)).toBe(true);
  }, 300_000);

  it('ends where its token is not known, and gives the job back', async () => {
    const { shared, sharing } = await given('unknown');
    await using _ = sharing;
    await photograph(66, 65).png().toFile(join(shared, 'a.png'));
    const queue = { redis: redis.url, queue: 'unknown' };
    await submitPictures(
      [join(shared, 'a.png')],
      { work: 'denoise' },
      { ...queue, shared, output: join(shared, 'clean') },
    );
    await expect(workInFleet({ ...queue, shared: sharing.address })).rejects.toThrow(
      'lets in who has a token',
    );
    expect(await fleetStatus(queue)).toMatchObject({ waiting: 1, active: 0, failed: 0 });
  }, 60_000);

  it('ends where the machine with the folder may not write results, and gives the job back', async () => {
    const shared = path('read-only');
    await mkdir(join(shared, 'clean'), { recursive: true });
    await photograph(66, 65).png().toFile(join(shared, 'a.png'));
    const queue = { redis: redis.url, queue: 'read-only' };
    const output = join(shared, 'clean');
    await submitPictures([join(shared, 'a.png')], { work: 'score' }, { ...queue, shared, output });
    await chmod(path(), 0o755);
    await chmod(output, 0o555);
    const sharing = startedByNobody(`
      const { shareFolder } = ${importing('fleet/index')};
      console.log((await shareFolder({ shared: ${JSON.stringify(shared)}, port: 0 })).address);
      await nobody();
      console.log('as nobody');`);
    let told = '';
    sharing.stdout?.on('data', (text) => (told += String(text)));
    await until(() => told.endsWith('as nobody\n'));
    const [address = ''] = told.split('\n');
    await expect(workInFleet({ ...queue, shared: address })).rejects.toThrow(
      `${address}: cannot write clean/a.png.json: access is not allowed; check the permissions`,
    );
    sharing.kill();
    await chmod(output, 0o755);
    expect(await readdir(output)).toEqual(['.revela-fleet']);
    expect(await fleetStatus(queue)).toMatchObject({ waiting: 1, active: 0, failed: 0 });
  }, 60_000);

  it('is a command that says what is wrong', async () => {
    const share = ['fleet', 'share', '--shared', path('none')];
    await expectRefusal(revela(share), 1, 'cannot open the folder');
    await expectRefusal(revela(['fleet', 'share', '--host', '0.0.0.0']), 2, 'give --tokens');
    const work = ['fleet', 'work', '--redis', redis.url, '--shared', 'http://127.0.0.1:9'];
    await expectRefusal(revela([...work, '--token-file', path('none')]), 1, 'cannot read the token in');
  });
});
