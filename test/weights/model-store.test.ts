import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { describe, expect, it, test } from 'vitest';
import {
  addModel,
  knownModels,
  listModels,
  modelPath,
  pullModel,
  readModelList,
  removeModel,
  withOwnModels,
} from '#src/weights/index.js';
import { namesIn } from '../cli/command.js';
import { sharedFolder } from '../shared.js';
import { refusal } from './files.js';
import { sha256 } from './model-server.js';
import { bytes, models, storedModels } from './stored-models.js';

const { path, store, count } = storedModels();

describe('the known models', () => {
  it('have names, sources, terms and whole hashes, but for one of which nobody wrote them down', () => {
    for (const { name, url, licence, size, sha256: hash, sha256From } of knownModels) {
      expect(name).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]*$/);
      expect(url).toMatch(/^https:\/\/[^?]+\.(?:pt|pth|npz|mat)$/);
      if (name === 'il-niqe') {
        expect([licence, size, hash]).toEqual([undefined, undefined, undefined]);
        continue;
      }
      expect(licence).toMatch(
        /^(?:MIT|BSD-[23]-Clause|University of Texas at Austin, free with its notice)$/,
      );
      expect(hash).toMatch(/^[0-9a-f]{64}$/);
      expect(sha256From).toMatch(/\w/);
      expect(size ?? 1).toBeGreaterThan(0);
    }
    const names = knownModels.map(({ name }) => name.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
  });

  it('agree with what is published of their hashes', () => {
    for (const { name, url, sha256: hash = '' } of knownModels) {
      if (url.includes('openaipublic')) expect(url.split('/').at(-2), name).toBe(hash);
      if (url.includes('download.pytorch.org')) expect(url, name).toContain(`-${hash.slice(0, 8)}.pth`);
    }
  });

  for (const [known, file] of [
    ['lpips-alex', 'lpips_v0.1_alex.pth'],
    ['lpips-vgg', 'lpips_v0.1_vgg.pth'],
    ['lpips-squeeze', 'lpips_v0.1_squeeze.pth'],
    ['dists', 'dists_weights.pt'],
    ['niqe', 'niqe_pris_params.npz'],
  ] as const) {
    test(`the public file of ${known} is known by its bytes`, async (context) => {
      const there = sharedFolder(context, 'weights', file);
      const { name, verified, size } = await addModel(there, { folder: path('known') });
      expect([name, verified]).toEqual([known, 'sha256']);
      expect(knownModels.find((model) => model.name === known)?.size).toBe(size);
    });
  }

  test('are not files of the same name and other bytes', async (context) => {
    const file = sharedFolder(context, 'weights', 'realesr-animevideov3.pth');
    const message = await refusal(() =>
      addModel(file, { folder: path('never'), name: 'realesr-animevideov3' }),
    );
    expect(message).toContain(
      `is not the published realesr-animevideov3: its SHA-256 is ${sha256(await readFile(file))}, not b8a83768`,
    );
    const { name, verified } = await addModel(file, { folder: path('ours'), name: 'repacked' });
    expect([name, verified]).toEqual(['repacked', 'none']);
  });
});

describe('the path of a model', () => {
  it('is a path, if that is what was given', async () => {
    const { folder, file } = await store();
    for (const given of [file, './RN50', 'weights/x.pt', '../up.pth'])
      expect(await modelPath(given, { folder })).toBe(given);
  });

  it('says how to get a known one', async () => {
    const { folder } = await store();
    expect(await refusal(() => modelPath('rn50', { folder }))).toBe(
      `RN50 is not in ${folder}; get it with \`pullModel('RN50')\`, or register a copy with \`addModel(FILE, { name: 'RN50' })\``,
    );
    expect(await refusal(() => modelPath('RN5O', { folder }))).toMatch(
      /^RN5O is neither a file nor a model; known are RN50, RN101, /,
    );
  });

  it('notices that a registered file is gone or has changed', async () => {
    const { folder, file } = await store();
    await addModel(file, { folder, name: 'ours' });
    await writeFile(file, bytes.subarray(1));
    expect(await refusal(() => modelPath('ours', { folder }))).toBe(
      `ours cannot be used: ${file} has changed: it had 5000 bytes and has 4999; add it again with \`addModel(FILE, { name: 'ours' })\``,
    );
    await rm(file);
    expect(await refusal(() => modelPath('ours', { folder }))).toContain('it does not exist');
    expect(await listModels({ folder, models: [] })).toMatchObject([{ name: 'ours', state: 'broken' }]);
  });

  it('never leaves the folder by way of a record', async () => {
    const { folder, file } = await store();
    await addModel(file, { folder, name: 'ours', copy: true });
    const record = `${folder}/ours/model.json`;
    const text = await readFile(record, 'utf8');
    for (const damage of ['../../secret', '/etc/passwd', '.hidden']) {
      await writeFile(record, text.replace('"ours.pt"', JSON.stringify(damage)));
      expect(await refusal(() => modelPath('ours', { folder }))).toBe(
        `${record} is damaged; pull or add ours again`,
      );
    }
  });
});

describe('a damaged record', () => {
  it('is replaced by a pull, from the file that is there', async () => {
    const { folder, file } = await store();
    await addModel(file, { folder, models, copy: true });
    await writeFile(`${folder}/Encoder/model.json`, '{"format": ');
    expect(await listModels({ folder, models })).toMatchObject([
      { state: 'broken', problem: expect.stringContaining('damaged') },
    ]);
    expect(await pullModel('Encoder', { folder, models, offline: true })).toMatchObject({
      verified: 'sha256',
    });
    expect(await listModels({ folder, models })).toMatchObject([
      { state: 'there', path: `${folder}/Encoder/Encoder.pt` },
    ]);
  });
});

describe('remove', () => {
  it('takes a copy away and leaves a registered file', async () => {
    const { folder, file } = await store();
    await addModel(file, { folder, name: 'copied', copy: true });
    await addModel(file, { folder, name: 'ours' });
    expect(await removeModel('COPIED', { folder })).toEqual({ name: 'copied' });
    expect(await removeModel('ours', { folder })).toEqual({ name: 'ours', kept: file });
    expect(namesIn(folder)).toEqual([]);
    expect(bytes.equals(await readFile(file))).toBe(true);
    expect(await refusal(() => removeModel('ours', { folder }))).toBe(
      `ours is not in ${folder}; there are no models`,
    );
  });

  it('does not follow a link out of the folder', async () => {
    const { folder, file } = await store();
    await mkdir(folder);
    await mkdir(path(`elsewhere ${count()}`));
    await writeFile(path(`elsewhere ${count()}`, 'model.json'), '{}');
    await symlink(path(`elsewhere ${count()}`), `${folder}/linked`);
    expect(await refusal(() => removeModel('linked', { folder }))).toContain('is not in');
    expect(namesIn(path(`elsewhere ${count()}`))).toEqual(['model.json']);
    expect(await modelPath(file, { folder })).toBe(file);
  });
});

describe('a list of one’s own', () => {
  let lists = 0;
  const written = async (content: unknown): Promise<string> => {
    const file = path(`list ${++lists}.json`);
    await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  };

  it('names mirrors, which keep the hash, and other models', async () => {
    const own = await readModelList(
      await written({
        models: [
          { name: 'rn50', url: 'http://mirror.example/clip/RN50.pt' },
          { name: 'vgg19', url: 'http://mirror.example/vgg19.pth', sha256: 'DCBB9E9D' },
          { name: 'ours', url: 'https://example.org/ours.safetensors', size: 12, licence: 'CC0-1.0' },
          { name: 'RN101', url: 'https://example.org/other.pt', sha256: '0'.repeat(64) },
        ],
      }),
    );
    const merged = withOwnModels(own);
    const [mirrored, vgg, ours, other] = merged;
    const known = knownModels.find(({ name }) => name === 'RN50');
    expect(mirrored).toEqual({ ...known, url: 'http://mirror.example/clip/RN50.pt' });
    expect(vgg).toMatchObject({ url: 'http://mirror.example/vgg19.pth', licence: 'BSD-3-Clause' });
    expect(vgg?.sha256).toHaveLength(64);
    expect(ours).toEqual({
      name: 'ours',
      url: 'https://example.org/ours.safetensors',
      size: 12,
      licence: 'CC0-1.0',
    });
    expect(other).not.toHaveProperty('licence');
    expect(merged).toHaveLength(knownModels.length + 1);
  });

  it.each<[content: unknown, words: string]>([
    ['no JSON', 'is no list of models: expected JSON'],
    [[], 'is no list of models'],
    [{ models: ['RN50'] }, 'model 1: expected an object with name and url'],
    [{ models: [{ name: '../up', url: 'http://x/y' }] }, 'model 1: name must be letters'],
    [{ models: [{ name: 'a', url: 'file:///etc/passwd' }] }, 'url must begin with http:// or https://'],
    [{ models: [{ name: 'a', url: 'http://user:secret@x/y' }] }, 'hold no password'],
    [{ models: [{ name: 'a', url: 'http://x/y', size: -1 }] }, 'size must be a number of bytes'],
    [{ models: [{ name: 'a', url: 'http://x/y', sha256: 'abc' }] }, 'sha256 must be 64 hexadecimal digits'],
    [
      { models: [{ name: 'a', url: 'http://x/y', md5: 'abc' }] },
      'unknown field md5; expected name, what, url',
    ],
  ])('is refused: %j', async (content, words) => {
    expect(await refusal(async () => readModelList(await written(content)))).toContain(words);
  });
});
