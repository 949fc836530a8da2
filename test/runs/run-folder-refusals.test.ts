import { chmod, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { claimAlone } from '#src/claim.js';
import { describeRun } from '#src/runs/folder/describe-run.js';
import { createRunFolder, openRunFolder } from '#src/runs/folder/run-folder.js';
import { refusal, withFullDisk, withoutPrivileges } from '../weights/files.js';
import { checkpointFile, config, metricsOf, path, stateAt, trained } from './written-runs.js';

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
