import { chmod, mkdir, readdir, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { claimAlone } from '#src/claim.js';
import { type Picture, readPicture } from '#src/images/index.js';
import { thisProcess } from '#src/process-identity.js';
import { tensorGroup } from '#src/runs/folder/checkpoints.js';
import { describeRun } from '#src/runs/folder/describe-run.js';
import { createRunFolder, openRunFolder, type RunFolder } from '#src/runs/folder/run-folder.js';
import { readSafetensorsHeader, type StoredTensor } from '#src/weights/index.js';
import { refusal, temporaryFolder, withFullDisk, withoutPrivileges } from '../weights/files.js';

const path = temporaryFolder();
const config = { network: 'dbsnl', seed: 0, patch: { size: 160 } };

/** The state of a run whose numbers follow from its step. */
function stateAt(step: number) {
  const tensor = (value: number): StoredTensor => ({
    dtype: 'F32',
    shape: [1],
    data: Float32Array.of(value),
  });
  return {
    step,
    tensors: new Map([
      ['parameter/head.weight', tensor(step)],
      ['adam.m/head.weight', tensor(-step)],
      ['adam.m/2', tensor(0.5)],
    ]),
    state: JSON.stringify({ seconds: step / 2 }),
  };
}

/** Records steps, and saves a checkpoint after every third. */
async function train(run: RunFolder, from: number, to: number): Promise<void> {
  for (let step = from; step <= to; step++) {
    run.appendMetrics({ step, loss: 1 / step, diverged: step === 5 ? Number.NaN : 0 });
    run.events().scalar('training/loss', 1 / step, step);
    if (step % 3 === 0) await run.saveCheckpoint(stateAt(step));
  }
}

async function trained(name: string, to: number): Promise<string> {
  const run = await createRunFolder(path(name), config);
  await train(run, 1, to);
  await run.close();
  return path(name);
}

const metricsOf = (folder: string) => readFile(join(folder, 'metrics.jsonl'), 'utf8');
const checkpointFile = (folder: string, step: number) =>
  join(folder, 'checkpoints', `step-${String(step).padStart(8, '0')}.safetensors`);

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

describe('a checkpoint of which something else than a tensor changed', () => {
  /** Changes the text of a header without changing its length. */
  const changed = (from: string, to: string) => async (file: string) => {
    const bytes = await readFile(file);
    const at = bytes.indexOf(from);
    expect(at).toBeGreaterThan(0);
    expect(to).toHaveLength(from.length);
    bytes.write(to, at, 'latin1');
    await writeFile(file, bytes);
  };

  test.each<[what: string, from: string, to: string]>([
    ['the step', '"step":"9"', '"step":"8"'],
    ['a name', 'head.weight', 'head.wefght'],
    ['what people wrote', '"by":"me"', '"by":"he"'],
    ['a type', '"F32"', '"I32"'],
    ['a shape', '"shape":[1]', '"shape":[ ]'],
    ['the state', 'seconds', 'secondz'],
    ['the format', 'revela-checkpoint-2', 'revela-checkpoint-1'],
  ])('%s', async (what, from, to) => {
    const run = await createRunFolder(path(`changed ${what}`), config);
    for (const step of [6, 9]) await run.saveCheckpoint({ ...stateAt(step), metadata: { by: 'me' } });
    await run.close();
    await changed(from, to)(checkpointFile(path(`changed ${what}`), 9));
    const warnings: string[] = [];
    const again = await openRunFolder(path(`changed ${what}`), { warn: (line) => warnings.push(line) });
    expect((await again.loadLatestCheckpoint())?.step).toBe(6);
    expect(warnings).toHaveLength(1);
    await again.close();
  });

  test('its name', async () => {
    const folder = await trained('renamed', 9);
    await rename(checkpointFile(folder, 9), checkpointFile(folder, 10));
    await rm(join(folder, 'checkpoints', 'last.json'));
    const warnings: string[] = [];
    const run = await openRunFolder(folder, { warn: (line) => warnings.push(line) });
    expect((await run.loadLatestCheckpoint())?.step).toBe(6);
    expect(warnings).toEqual([expect.stringMatching(/by its name it is of step 10, and it says 9/)]);
    await run.close();
  });
});

describe('a run that another writes', () => {
  test('is refused, and can be read', async () => {
    const folder = await trained('busy', 3);
    const run = await openRunFolder(folder);
    expect(await refusal(() => openRunFolder(folder))).toMatch(
      /^the run .*busy is being written by this process already/,
    );
    expect((await describeRun(folder)).savedStep).toBe(3);
    await run.close();
    await (await openRunFolder(folder)).close();
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  test('is not begun by a second one', async () => {
    const run = await createRunFolder(path('begun'), config);
    expect(await refusal(() => createRunFolder(path('begun'), config))).toMatch(
      /is being written by this process/,
    );
    await run.saveCheckpoint(stateAt(1));
    expect(await refusal(() => createRunFolder(path('begun'), config))).toMatch(/holds a run already/);
    await run.close();
    const folder = path('beginning');
    await mkdir(folder);
    const first = await claimAlone({ folder, name: 'run', what: 'the run' });
    expect(await refusal(() => createRunFolder(folder, config))).toMatch(/is being written by this process/);
    first.release();
    await (await createRunFolder(folder, config)).close();
  });

  test('is not saved any more once it was taken over', async () => {
    const run = await createRunFolder(path('lost'), config);
    for (const name of await readdir(path('lost')))
      if (name.startsWith('.revela-claim.')) await rm(path('lost', name));
    expect(await refusal(() => run.saveCheckpoint(stateAt(1)))).toMatch(/was taken over by another process/);
    await run.close();
  });
});

describe('folders that count as empty', () => {
  test('hold only what file managers put there', async () => {
    await mkdir(path('looked at'));
    for (const name of ['.DS_Store', 'Thumbs.db']) await writeFile(path('looked at', name), '');
    await (await createRunFolder(path('looked at'), config)).close();
    expect(await readdir(path('looked at'))).toContain('.DS_Store');
  });

  test('hold a run that ended before its first checkpoint', async () => {
    const first = await createRunFolder(path('false start'), { steps: 1 });
    first.appendMetrics({ step: 1, loss: 2 });
    first.events();
    await first.close();
    await (await createRunFolder(path('false start'), { steps: 2 })).close();
    expect((await describeRun(path('false start'))).config).toEqual({ steps: 2 });
    expect(await readdir(path('false start'))).toEqual(['config.json']);
  });

  test("but not another program's settings", async () => {
    await mkdir(path('foreign'));
    await writeFile(path('foreign', 'config.json'), '{"model":"another"}');
    expect(await refusal(() => createRunFolder(path('foreign'), config))).toMatch(/holds a run already/);
    expect(await readFile(path('foreign', 'config.json'), 'utf8')).toContain('another');
  });
});

describe('folders that cannot be used', () => {
  test('to start in', async () => {
    await writeFile(path('file'), '');
    await mkdir(path('full'));
    await writeFile(path('full', 'photo.jpg'), '');
    await trained('taken', 3);
    expect(await refusal(() => createRunFolder(path('full'), config))).toMatch(
      /full is not empty; choose another/,
    );
    expect(await refusal(() => createRunFolder(path('taken'), config))).toMatch(
      /taken holds a run already; resume/,
    );
    expect(await refusal(() => createRunFolder(path('file'), config))).toMatch(
      /^cannot make the run folder .*file: /,
    );
    await chmod(path(), 0o755);
    await mkdir(path('locked'));
    await chmod(path('locked'), 0o555);
    for (const folder of [path('locked'), path('locked', 'below')]) {
      const line = await refusal(() => withoutPrivileges(() => createRunFolder(folder, config)));
      expect(line).toMatch(/^cannot make the run folder .*: access is not allowed/);
    }
    expect(await readdir(path('locked'))).toEqual([]);
  });

  test.each<[string, string | undefined, RegExp]>([
    ['nothing', undefined, /is not a run folder: it has no config\.json/],
    ['half a config', '{"format":"revela-run","ver', /config\.json is not the configuration of a run/],
    ['a config of another program', '{"version":1}', /config\.json is not the configuration of a run/],
    ['a list', '[]', /config\.json is not the configuration of a run/],
    [
      'a run of another version',
      '{"format":"revela-run","version":1,"config":{}}',
      /is a run of the format 1, and this revela knows runs of the format 2/,
    ],
    ['no config in the config', '{"format":"revela-run","version":2}', /is damaged: it has no config/],
  ])('to resume: %s', async (name, text, message) => {
    await mkdir(path(name));
    if (text !== undefined) await writeFile(path(name, 'config.json'), text);
    expect(await refusal(() => openRunFolder(path(name)))).toMatch(message);
  });

  test('to resume: a missing one, a file', async () => {
    await writeFile(path('a file'), '');
    expect(await refusal(() => openRunFolder(path('gone')))).toMatch(
      /^cannot open .*gone: it does not exist/,
    );
    expect(await refusal(() => openRunFolder(path('a file')))).toMatch(/is a file, not a folder/);
  });

  test('that became unwritable', async () => {
    const folder = await trained('frozen', 3);
    const run = await openRunFolder(folder);
    await chmod(path(), 0o755);
    for (const part of ['', 'checkpoints']) await chmod(join(folder, part), 0o555);
    await chmod(join(folder, 'metrics.jsonl'), 0o444);
    const save = () => withoutPrivileges(() => run.saveCheckpoint(stateAt(4)));
    const append = () => withoutPrivileges(async () => run.appendMetrics({ step: 4 }));
    expect(await refusal(save)).toMatch(/^cannot write .*00000004\.safetensors: access is not allowed/);
    expect(await refusal(append)).toMatch(/^cannot write .*metrics\.jsonl: access is not allowed/);
    for (const part of ['', 'checkpoints']) await chmod(join(folder, part), 0o755);
    expect((await readdir(join(folder, 'checkpoints'))).sort()).toEqual([
      'last.json',
      'step-00000003.safetensors',
    ]);
  });
});

describe('a disk that gets full', () => {
  test('keeps the former checkpoint, and whole lines and events', async () => {
    const module = JSON.stringify(import.meta.resolve('#src/runs/folder/run-folder.js'));
    const printed = await withFullDisk(
      `import { createRunFolder } from ${module};
       const run = await createRunFolder(process.argv[1], {});
       const save = (step, length) => run.saveCheckpoint({
         step, state: '{}', tensors: new Map([['a', { dtype: 'F32', shape: [length], data: new Float32Array(length) }]]),
       });
       const report = (error) => console.log(error.name + ': ' + error.message);
       await save(1, 1);
       await save(2, 10000).catch(report);
       try { for (let step = 1; ; step++) run.appendMetrics({ step, text: 'x'.repeat(100) }); } catch (error) { report(error); }
       try { for (let step = 1; ; step++) run.events().scalar('a', 1, step); } catch (error) { report(error); }`,
      path('tiny'),
    );
    const lines = printed.trimEnd().split('\n');
    expect(lines).toHaveLength(3);
    for (const [i, name] of ['step-00000002.safetensors', 'metrics.jsonl', 'events.out.tfevents'].entries()) {
      expect(lines[i]).toMatch(/^RevelaError: cannot write .*: the file would be larger than this disk/);
      expect(lines[i]).toContain(name);
    }
    expect((await readdir(path('tiny', 'checkpoints'))).sort()).toEqual([
      'last.json',
      'step-00000001.safetensors',
    ]);
    const metrics = await metricsOf(path('tiny'));
    expect(metrics.endsWith('"}\n')).toBe(true);
    expect(metrics.length).toBeGreaterThan(3000);
    const [events = ''] = (await readdir(path('tiny'))).filter((name) => name.startsWith('events.'));
    const bytes = await readFile(path('tiny', events));
    let at = 0;
    while (at < bytes.length) at += 16 + Number(bytes.readBigUInt64LE(at));
    expect(at).toBe(bytes.length);
  });

  test.runIf(process.platform === 'linux')('says that the disk is full', async () => {
    const run = await createRunFolder(path('device'), config);
    await symlink('/dev/full', path('device', 'metrics.jsonl'));
    expect(await refusal(() => run.appendMetrics({ step: 1 }))).toMatch(
      /^cannot write .*metrics\.jsonl: the disk is full; free some space/,
    );
  });
});
