import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { convertWeights, describeWeights, loadClipTokenizer } from '#src/api/index.js';
import { readOpinions } from '#src/evaluation/opinions/opinion-table.js';
import { readBrisqueModel } from '#src/quality/index.js';
import { readRegular } from '#src/regular-file.js';
import { describeRun, readMetrics } from '#src/runs/index.js';
import { addModel, fileSha256, readArrays, readModelList, readOnnxOutline } from '#src/weights/index.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'revela-kinds-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const readers: readonly (readonly [string, (path: string) => Promise<unknown>])[] = [
  ['weights', describeWeights],
  ['weights to convert', (path) => convertWeights(path, join(folder, 'o.safetensors'))],
  ['arrays', readArrays],
  ['an ONNX model', readOnnxOutline],
  ["BRISQUE's model", (path) => readBrisqueModel(path, path)],
  ['opinions', (path) => readOpinions(path)],
  ['a list of models', readModelList],
  ['a model to be registered', (path) => addModel(path, { folder, name: 'own' })],
  ['a file to be hashed', fileSha256],
  ['a vocabulary', (path) => loadClipTokenizer(path)],
];

describe.skipIf(process.platform === 'win32')('what is no file is refused at once', () => {
  test.each(readers)('as %s', async (_, read) => {
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    try {
      await expect(read(pipe)).rejects.toThrow(`cannot read ${pipe}: it is a pipe, not a file`);
    } finally {
      await rm(pipe);
    }
    await expect(read('/dev/zero')).rejects.toThrow('cannot read /dev/zero: it is a device, not a file');
  });

  test('in the folder of a run', async () => {
    for (const name of ['config.json', 'metrics.jsonl']) {
      const run = join(folder, `run of ${name}`);
      await mkdir(run);
      execFileSync('mkfifo', [join(run, name)]);
      const read = async (): Promise<void> => {
        if (name === 'config.json') await describeRun(run);
        else for await (const _ of readMetrics(run));
      };
      await expect(read()).rejects.toThrow('it is a pipe, not a file');
    }
  });

  test('a socket, a folder, a file that is too long', async () => {
    const socket = join(folder, 'socket');
    const server = createServer().listen(socket);
    await new Promise((resolve) => server.once('listening', resolve));
    await expect(readRegular(socket)).rejects.toThrow('it is a socket, not a file');
    server.close();
    await expect(readRegular(folder)).rejects.toThrow('it is a folder, not a file');
    await writeFile(join(folder, 'long'), 'abcd');
    await expect(readRegular(join(folder, 'long'), 3)).rejects.toThrow('has 4 bytes');
    expect((await readRegular(join(folder, 'long'), 4)).toString()).toBe('abcd');
  });
});
