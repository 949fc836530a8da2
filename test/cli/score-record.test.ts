import { copyFile, mkdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { expectRefusal, expectSuccess, jsonLines, namesIn, onCpu, photograph, revela } from './command.js';
import { path, scoresIn, scoring, brisque } from './scored-photos.js';

describe('a record', () => {
  const known = (stdout: string): Readonly<Record<string, unknown>> =>
    Object.fromEntries(
      jsonLines(stdout)
        .filter(({ kind }) => kind === 'picture')
        .map(({ picture, known: from }) => [String(picture), from]),
    );

  it('gives the scores of pictures that have not changed, by the same measure', async () => {
    await mkdir(path('kept'));
    for (const name of ['a', 'b', 'c'])
      await copyFile(path('burst', 'soft.png'), path('kept', `${name}.png`));
    const run = (...more: readonly string[]) =>
      expectSuccess(scoring('kept', '--record', 'scores.jsonl', '--json', '--metric', 'niqe', ...more));
    const first = await run();
    expect(known(first.stdout)).toEqual({ 'kept/a.png': false, 'kept/b.png': false, 'kept/c.png': false });
    const again = await run();
    expect(known(again.stdout)).toEqual({ 'kept/a.png': true, 'kept/b.png': true, 'kept/c.png': true });
    expect(scoresIn(again.stdout)).toEqual(scoresIn(first.stdout));

    // Other bytes of the same size and, of another, the same bytes with another time: both are looked at again.
    await copyFile(path('burst', 'sharp.png'), path('kept', 'a.png'));
    await utimes(path('kept', 'b.png'), new Date(), new Date(2020, 1, 1));
    // A process that is killed may leave half a line.
    const text = await readFile(path('scores.jsonl'), 'utf8');
    await writeFile(path('scores.jsonl'), `${text}{"picture":"kept/c.png","si`);
    const changed = await run();
    expect(known(changed.stdout)).toEqual({ 'kept/a.png': false, 'kept/b.png': false, 'kept/c.png': true });
    const { 'kept/a.png': sharpened, 'kept/b.png': same } = scoresIn(changed.stdout);
    expect(sharpened).toEqual(
      scoresIn((await expectSuccess(scoring('burst', '--json', '--metric', 'niqe'))).stdout)[
        'burst/sharp.png'
      ],
    );
    expect(same).toEqual(scoresIn(first.stdout)['kept/b.png']);

    const lines = (await readFile(path('scores.jsonl'), 'utf8')).trimEnd().split('\n');
    for (const line of lines) expect(() => JSON.parse(line)).not.toThrow();
    const more = await run('--metric', 'brisque', ...brisque());
    expect(known(more.stdout)).toEqual({ 'kept/a.png': false, 'kept/b.png': false, 'kept/c.png': false });
    expect(known((await run('--metric', 'brisque', ...brisque())).stdout)['kept/a.png']).toBe(true);
  });

  it('goes on where a run was stopped', async () => {
    await mkdir(path('many'));
    const small = await photograph(72, 64).png().toBuffer();
    for (let i = 0; i < 60; i++) await writeFile(path('many', `${i}.png`), small);
    const args = ['score', 'many', '--record', 'many.jsonl', '--json', ...onCpu] as const;
    const ending = await revela(args, {
      cwd: path(),
      interrupt: { at: '"picture":"many/3.png","scores"', signal: 'SIGINT' },
    });
    expect(ending.code).toBe(130);
    expect(ending.stderr).toMatch(
      /^revela: stopped after (\d+) of 60 pictures; the same command goes on from there\n$/,
    );
    const before = Object.keys(scoresIn(ending.stdout));
    expect(before.length).toBeGreaterThanOrEqual(4);
    expect(before.length).toBeLessThan(60);
    const rest = await expectSuccess(revela(args, { cwd: path() }));
    const from = known(rest.stdout);
    expect(Object.keys(from)).toHaveLength(60);
    expect(Object.keys(from).filter((name) => from[name] === true)).toEqual(before);
    expect(new Set(Object.values(scoresIn(rest.stdout)).map((scores) => JSON.stringify(scores))).size).toBe(
      1,
    );
  });

  it('is no other file', async () => {
    await writeFile(path('diary.txt'), 'Dear diary');
    await expectRefusal(scoring('burst', '--record', 'diary.txt'), 1, 'diary.txt is no record of scores');
    expect(await readFile(path('diary.txt'), 'utf8')).toBe('Dear diary');
    await expectRefusal(scoring('burst', '--record', 'nowhere/scores.jsonl'), 1, 'nowhere/scores.jsonl');
    await expectRefusal(scoring('burst', '--record', 'burst'), 1, 'record burst');
  });

  it('that holds a number beyond all numbers is not believed', async () => {
    const run = () => scoring('burst', '--record', 'odd.jsonl', '--json');
    const { stdout } = await expectSuccess(run());
    const lines = (await readFile(path('odd.jsonl'), 'utf8')).split('\n');
    const odd = lines.map((line) => line.replace(/"score":[^}]+/, '"score":1e999'));
    await writeFile(path('odd.jsonl'), odd.join('\n'));
    expect(scoresIn((await expectSuccess(run())).stdout)).toEqual(scoresIn(stdout));
  });

  it('is not begun where a measure cannot be opened', async () => {
    const wrong = ['--metric', 'niqe', '--niqe-model', 'gone.npz', '--record', 'new.jsonl'];
    await expectRefusal(scoring('burst', ...wrong), 1, 'cannot read gone.npz');
    expect(namesIn(path())).not.toContain('new.jsonl');
    const kept = await readFile(path('odd.jsonl'), 'utf8');
    await expectRefusal(scoring('burst', ...wrong.slice(0, -1), 'odd.jsonl'), 1, 'cannot read gone.npz');
    expect(await readFile(path('odd.jsonl'), 'utf8')).toBe(kept);
  });
});
