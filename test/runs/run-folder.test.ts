import { readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Picture, readPicture } from '#src/images/index.js';
import { thisProcess } from '#src/process-identity.js';
import { tensorGroup } from '#src/runs/folder/checkpoints.js';
import { createRunFolder, openRunFolder } from '#src/runs/folder/run-folder.js';
import { readSafetensorsHeader } from '#src/weights/index.js';
import { refusal } from '../weights/files.js';
import { checkpointFile, config, metricsOf, path, stateAt, train, trained } from './written-runs.js';

describe('a run', () => {
  test('has its configuration, metrics, last two checkpoints and event file', async () => {
    const folder = await trained(join('new', 'whole'), 10);
    expect((await readdir(folder)).sort()).toEqual([
      'checkpoints',
      'config.json',
      expect.stringMatching(/^events\.out\.tfevents\./),
      'metrics.jsonl',
    ]);
    expect((await readdir(join(folder, 'checkpoints'))).sort()).toEqual([
      'last.json',
      'step-00000006.safetensors',
      'step-00000009.safetensors',
    ]);
    expect(JSON.parse(await readFile(join(folder, 'checkpoints', 'last.json'), 'utf8'))).toEqual({
      step: 9,
      file: 'step-00000009.safetensors',
    });
    expect(JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'))).toMatchObject({ config });
    const lines = (await metricsOf(folder)).trimEnd().split('\n');
    expect(lines).toHaveLength(10);
    expect(JSON.parse(lines[4] ?? '')).toEqual({ step: 5, loss: 0.2, diverged: null });
  });

  test('gives back what a checkpoint was given', async () => {
    const run = await createRunFolder(path('given'), config);
    const given = { ...stateAt(7), metadata: { network: 'dbsnl' } };
    const file = await run.saveCheckpoint(given);
    await run.close();
    const again = await openRunFolder(path('given'));
    expect(again.config).toEqual(config);
    const read = await again.loadLatestCheckpoint();
    expect(read).toEqual({ ...given, path: file });
    expect(file).toBe(checkpointFile(path('given'), 7));
    expect((await readSafetensorsHeader(file)).metadata).toMatchObject({ network: 'dbsnl', step: '7' });
    const group = tensorGroup(given.tensors, 'adam.m');
    expect([...group.keys()]).toEqual(['head.weight', '2']);
    expect(group.get('head.weight')).toBe(given.tensors.get('adam.m/head.weight'));
  });

  test('keeps as many checkpoints as it is told', async () => {
    const run = await createRunFolder(path('keep'), config, { keep: 1 });
    for (const step of [1, 2, 123_456_789]) await run.saveCheckpoint(stateAt(step));
    expect((await readdir(path('keep', 'checkpoints'))).sort()).toEqual([
      'last.json',
      'step-123456789.safetensors',
    ]);
    expect((await run.loadLatestCheckpoint())?.step).toBe(123_456_789);
    await expect(createRunFolder(path('none'), config, { keep: 0 })).rejects.toThrow(RangeError);
    await expect(run.saveCheckpoint({ ...stateAt(1), step: 1.5 })).rejects.toThrow(RangeError);
  });
});

describe('a run that goes on', () => {
  test('ends with the files of one that never stopped', async () => {
    const whole = await trained('uninterrupted', 14);
    const folder = await trained('interrupted', 8);
    await writeFile(join(folder, 'metrics.jsonl'), '{"step":9,"loss":0.11', { flag: 'a' });
    const run = await openRunFolder(folder);
    const checkpoint = await run.loadLatestCheckpoint();
    expect(checkpoint?.step).toBe(6);
    expect((await metricsOf(folder)).trimEnd().split('\n')).toHaveLength(6);
    await train(run, 7, 14);
    await run.close();
    expect(await metricsOf(folder)).toBe(await metricsOf(whole));
    expect((await readdir(join(folder, 'checkpoints'))).sort()).toEqual(
      (await readdir(join(whole, 'checkpoints'))).sort(),
    );
    for (const step of [9, 12]) {
      expect(await readFile(checkpointFile(folder, step))).toEqual(
        await readFile(checkpointFile(whole, step)),
      );
    }
    const eventFiles = (await readdir(folder)).filter((name) => name.startsWith('events.'));
    expect(eventFiles).toHaveLength(2);
  });

  test('keeps the samples up to its checkpoint, and drops later ones', async () => {
    const picture = (value: number): Picture => ({
      ...{ width: 2, height: 1, channels: 1, bitDepth: 8, format: 'png', metadata: {} },
      data: Float32Array.of(value, 1),
    });
    const run = await createRunFolder(path('samples'), config);
    for (const step of [3, 6]) {
      const pictures = { noisy: picture(0.2), denoised: picture(step / 15), clean: picture(0.4) };
      const other = { name: 'b', pictures: { noisy: picture(0), denoised: picture(1) } };
      await run.saveSamples(step, [{ name: 'a', pictures }, other]);
      if (step === 3) await run.saveCheckpoint(stateAt(step));
    }
    await run.close();
    const below = path('samples', 'samples');
    expect((await readdir(below)).sort()).toEqual(['step-00000003', 'step-00000006']);
    const names = ['a.clean.png', 'a.denoised.png', 'a.noisy.png', 'b.denoised.png', 'b.noisy.png'];
    expect((await readdir(join(below, 'step-00000006'))).sort()).toEqual(names);
    expect([...(await readPicture(join(below, 'step-00000006', 'a.denoised.png'))).data]).toEqual([
      Math.fround(0.4),
      1,
    ]);
    const again = await openRunFolder(path('samples'));
    await again.loadLatestCheckpoint();
    expect(await readdir(below)).toEqual(['step-00000003']);
    expect((await readdir(join(below, 'step-00000003'))).sort()).toEqual(names);
  });

  test('starts again when there is no checkpoint yet', async () => {
    const folder = await trained('early', 2);
    const run = await openRunFolder(folder);
    expect(await run.loadLatestCheckpoint()).toBeUndefined();
    expect(await metricsOf(folder)).toBe('');
    await train(run, 1, 2);
    await run.close();
    expect((await metricsOf(folder)).trimEnd().split('\n')).toHaveLength(2);
  });

  test('sweeps away what a kill left half-written', async () => {
    const folder = await trained('killed', 3);
    const { place } = thisProcess();
    const half = `.revela-${place}-4194305-1-01234567-89ab-4cde-8f01-23456789abcd.tmp`;
    for (const part of ['', 'checkpoints']) await writeFile(join(folder, part, half), 'half');
    await (await openRunFolder(folder)).close();
    expect((await readdir(join(folder, 'checkpoints'))).sort()).toEqual([
      'last.json',
      'step-00000003.safetensors',
    ]);
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test('goes by last.json, which a kill between two files leaves one step behind', async () => {
    const folder = await trained('behind', 9);
    await writeFile(join(folder, 'checkpoints', 'last.json'), '{"step":6}');
    const run = await openRunFolder(folder);
    expect((await run.loadLatestCheckpoint())?.step).toBe(6);
    await run.saveCheckpoint(stateAt(7));
    expect((await readdir(join(folder, 'checkpoints'))).sort()).toEqual([
      'last.json',
      'step-00000006.safetensors',
      'step-00000007.safetensors',
    ]);
    for (const pointer of ['', '7', '{"step":"seven"}']) {
      await writeFile(join(folder, 'checkpoints', 'last.json'), pointer);
      expect((await run.loadLatestCheckpoint())?.step).toBe(7);
    }
    await rm(join(folder, 'checkpoints', 'last.json'));
    expect((await run.loadLatestCheckpoint())?.step).toBe(7);
  });

  test.each<[string, (file: string) => Promise<void>, RegExp]>([
    ['cut short', (file) => truncate(file, 300), /00000009\.safetensors is truncated/],
    ['empty', (file) => truncate(file, 0), /is empty/],
    [
      'changed by a bit',
      async (file) => {
        const bytes = await readFile(file);
        bytes.writeUInt8(bytes.readUInt8(bytes.length - 1) ^ 1, bytes.length - 1);
        await writeFile(file, bytes);
      },
      /is damaged: its checksum is wrong/,
    ],
    [
      'of something else',
      (file) => writeFile(file, Buffer.concat([Buffer.from('0200000000000000', 'hex'), Buffer.from('{}')])),
      /is no checkpoint of the format revela-checkpoint-2/,
    ],
  ])('falls back when the last checkpoint is %s', async (why, damage, message) => {
    const folder = await trained(`damaged ${why}`, 9);
    await damage(checkpointFile(folder, 9));
    const warnings: string[] = [];
    const run = await openRunFolder(folder, { warn: (line) => warnings.push(line) });
    expect((await run.loadLatestCheckpoint())?.step).toBe(6);
    expect(warnings).toEqual([expect.stringMatching(message)]);
    expect(warnings[0]).toMatch(/^[^\n]*; trying the checkpoint before it$/);
    expect((await metricsOf(folder)).trimEnd().split('\n')).toHaveLength(6);

    await damage(checkpointFile(folder, 6));
    expect(await refusal(() => run.loadLatestCheckpoint())).toMatch(/^no checkpoint in .* can be used/);
  });
});
