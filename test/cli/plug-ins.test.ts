import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectRefusal, expectSuccess, onCpu, photograph, revela, temporaryFolder } from './command.js';

const path = temporaryFolder();
const docs = fileURLToPath(new URL('../../docs/plug-ins.md', import.meta.url));

beforeAll(async () => {
  const [, example = ''] = /```js\n(.*?)```/s.exec(await readFile(docs, 'utf8')) ?? [];
  expect(example.split('\n').length).toBeLessThan(40);
  await writeFile(path('diagonal.mjs'), example);
  await mkdir(path('photos'));
  for (const name of ['a.png', 'b.png']) await photograph(80, 72).png().toFile(path('photos', name));
});

const own = (...args: readonly (string | number)[]) =>
  revela(['--plugin', 'diagonal.mjs', ...args], { cwd: path(), ownProcess: true });

describe('the method of docs/plug-ins.md', () => {
  it('is listed, trained by and denoised with, though the package does not know it', async () => {
    expect((await expectSuccess(own('methods'))).stdout).toContain(
      'diagonal\n  what         Diagonal: a pixel learns from its neighbour along the diagonal\n',
    );
    expect((await expectSuccess(own('train', 'denoiser', '--help'))).stdout).toContain('diagonal');
    await expectSuccess(
      own(
        ...['train', 'denoiser', 'photos', '--method', 'diagonal', '--output', 'run', '--steps', '2'],
        ...['--base-channels', '8', '--modules', '3', ...onCpu],
      ),
    );
    await expectSuccess(own('denoise', 'photos/a.png', '--weights', 'run', '--no-adapt', ...onCpu));
    await expectRefusal(
      revela(['denoise', 'photos/b.png', '--weights', 'run', '--no-adapt', ...onCpu], {
        cwd: path(),
        ownProcess: true,
      }),
      2,
      'diagonal',
    );
  });
});

describe('a plug-in that is none', () => {
  it.each([
    ['is missing', undefined, 'cannot read bad.mjs: it does not exist'],
    ['is no JavaScript', 'export default {', 'the plug-in bad.mjs failed: '],
    ['throws', 'throw new Error("no sun today")', 'the plug-in bad.mjs failed: no sun today'],
    ['exports nothing', 'export const a = 3;', 'its default export is no method'],
    ['exports a number', 'export default 3;', 'a method needs a name'],
    ['has no name', 'export default { title: "x" };', 'a method needs a name of small letters'],
    ['takes a name', 'export default { name: "sdap" };', 'there is a method sdap already'],
    [
      'is half a method',
      'export default { name: "half", title: "x" };',
      'the method half lacks defaultNetwork',
    ],
    [
      'learns nothing',
      'export default ({ fastPreset, onePass }) => { const p = fastPreset({ learningRate: 1 }); return { name: "idle", title: "x", defaultNetwork: "dncnn", needsBlindSpot: false, presets: { paper: p, fast: p }, inference: onePass }; };',
      'the method idle lacks training or pairLoss',
    ],
  ])('%s: one line says so', async (_, text, words) => {
    const name = text === undefined ? 'missing.mjs' : `bad-${Math.abs(text.length)}.mjs`;
    if (text !== undefined) await writeFile(path(name), text);
    const ending = await revela(['methods', '--plugin', name], { cwd: path() });
    expect([ending.code === 0, ending.stderr.trim().split('\n').length]).toEqual([false, 1]);
    expect(ending.stderr).toContain(words.replace('bad.mjs', name));
  });

  it('or no file at all', async () => {
    await expectRefusal(revela(['methods', '--plugin'], { cwd: path() }), 2, '--plugin needs a file');
  });
});
