import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { addModel, modelPath, pullModel, readModelList, removeModel } from '#src/weights/index.js';
import { namesIn } from '../cli/command.js';
import { refusal, withoutPrivileges } from './files.js';
import { drawnBytes, sha256 } from './model-server.js';
import { bytes, listed, models, storedModels } from './stored-models.js';

const { path, store, count } = storedModels();

describe('add', () => {
  it('registers a file where it lies, under its own name', async () => {
    const { folder, file } = await store();
    const added = await addModel(file, { folder });
    expect(added).toEqual({
      name: `encoder${count()}`,
      path: file,
      size: 5000,
      sha256: sha256(bytes),
      source: file,
      verified: 'none',
    });
    expect(await modelPath(`encoder${count()}`, { folder })).toBe(file);
    expect(await modelPath(`ENCODER${count()}`, { folder })).toBe(file);
    expect(namesIn(`${folder}/encoder${count()}`)).toEqual(['model.json']);
  });

  it('gives no model the name of weights of the package, which would hide it', async () => {
    const { folder, file } = await store();
    for (const name of ['photo', 'general', 'faithful', 'self-supervised', 'Photo'])
      expect(await refusal(() => addModel(file, { folder, name }))).toBe(
        `${name} is the name of weights that the package has, which \`weights\` would take; choose another name (\`name\`)`,
      );
    await writeFile(path('photo.pth'), bytes);
    expect(await refusal(() => addModel(path('photo.pth'), { folder }))).toMatch(/^photo is the name/);
    await writeFile(
      path('own.json'),
      JSON.stringify({ models: [{ name: 'photo', url: 'https://example.com/photo.pth' }] }),
    );
    expect(await refusal(() => readModelList(path('own.json')))).toContain('photo is the name of weights');
  });

  it('copies it if asked to, so that the original may go', async () => {
    const { folder, file } = await store();
    const added = await addModel(file, { folder, name: 'ours', copy: true });
    await rm(file);
    expect(added.path).toBe(`${folder}/ours/ours.pt`);
    expect(bytes.equals(await readFile(await modelPath('ours', { folder })))).toBe(true);
  });

  it('knows a listed model by its hash, and pull then needs no network', async () => {
    const { folder, file } = await store();
    expect(await addModel(file, { folder, models })).toMatchObject({
      name: 'Encoder',
      verified: 'sha256',
      licence: 'MIT',
    });
    expect(await pullModel('encoder', { folder, models, offline: true })).toMatchObject({
      path: file,
      downloaded: false,
    });
  });

  it('refuses another file under the name of a listed model', async () => {
    const { folder, file } = await store(drawnBytes(5000, 2));
    expect(await refusal(() => addModel(file, { folder, models, name: 'encoder' }))).toMatch(
      /^.*encoder\d+\.pt is not the published Encoder: its SHA-256 is [0-9a-f]{64}, not [0-9a-f]{64}; copy it again, or give it another name \(`name`\)$/,
    );
    const unhashed = [{ name: 'Encoder', url: listed.url, size: 4999 }];
    expect(await refusal(() => addModel(file, { folder, models: unhashed, name: 'Encoder' }))).toContain(
      'it has 5000 bytes, not 4999',
    );
  });

  it('replaces another file of that name only if it may', async () => {
    const { folder, file } = await store();
    await addModel(file, { folder, name: 'ours', copy: true });
    await addModel(file, { folder, name: 'Ours' });
    const { file: other } = await store(drawnBytes(10, 2));
    expect(await refusal(() => addModel(other, { folder, name: 'ours' }))).toContain(
      `ours is already another file, ${file}; choose another name or allow overwriting (\`overwrite\`)`,
    );
    await addModel(other, { folder, name: 'ours', overwrite: true });
    expect(await modelPath('ours', { folder })).toBe(other);
    expect(namesIn(`${folder}/ours`)).toEqual(['model.json']);
  });

  it.each([
    '../out',
    '/etc/ours',
    'a/b',
    String.raw`a\b`,
    '..',
    '.hidden',
    'nul',
    'con.pt',
    'a:b',
    'é',
    'dot.',
    'x'.repeat(101),
  ])('refuses to call a file %j', async (name) => {
    const { folder, file } = await store();
    for (const copy of [false, true])
      expect(await refusal(() => addModel(file, { folder, name, copy }))).toMatch(
        /^a model's name must be 1 to 100/,
      );
    expect(await refusal(() => removeModel(name, { folder }))).toMatch(/^a model's name must be/);
    expect(namesIn(path())).not.toContain('out');
  });

  it('refuses what is no file', async () => {
    const { folder } = await store();
    expect(await refusal(() => addModel(path('gone.pt'), { folder }))).toMatch(/gone\.pt: it does not exist/);
    expect(await refusal(() => addModel(path(), { folder, name: 'x' }))).toMatch(/is a folder|is no file/);
    await writeFile(path('empty.pt'), '');
    expect(await refusal(() => addModel(path('empty.pt'), { folder }))).toContain('is empty (0 bytes)');
    expect(namesIn(path())).not.toContain(`store ${count()}`);
  });

  it('refuses a folder that cannot be written, in one line', async () => {
    const { folder, file } = await store();
    await mkdir(folder);
    await chmod(folder, 0o555);
    await chmod(path(), 0o755);
    const message = await withoutPrivileges(() => refusal(() => addModel(file, { folder, name: 'ours' })));
    expect(message).toBe(`cannot keep ours in ${folder}: access is not allowed; check the permissions`);
    await chmod(folder, 0o755);
  });
});
