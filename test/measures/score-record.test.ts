import { readdirSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { openScoreRecord } from '#src/measures/score-record.js';
import { refusal, temporaryFolder } from '../weights/files.js';

const path = temporaryFolder();

it('belongs to one process at a time: a second one is told, and takes nothing away', async () => {
  await writeFile(path('a.png'), 'a picture');
  const record = await openScoreRecord(path('scores.jsonl'));
  const picture = await record.of(path('a.png'));
  picture.add('identity', 'revela', 50);
  expect(await refusal(() => openScoreRecord(path('scores.jsonl')))).toBe(
    `the record ${path('scores.jsonl')} is being written by this process already; close it there first`,
  );
  picture.add('identity', 'revela', 60);
  record.close();
  record.close();
  expect((await readFile(path('scores.jsonl'), 'utf8')).trimEnd().split('\n')).toHaveLength(3);
  const again = await openScoreRecord(path('scores.jsonl'));
  expect((await again.of(path('a.png'))).score('identity')).toBe(60);
  again.close();
  expect(readdirSync(path()).sort()).toEqual(['a.png', 'scores.jsonl']);
});

it('is no claim on what is no record', async () => {
  await writeFile(path('other.jsonl'), '{"other":1}\n');
  expect(await refusal(() => openScoreRecord(path('other.jsonl')))).toMatch(/is no record of scores/);
  expect(await refusal(() => openScoreRecord(path('gone', 'scores.jsonl')))).toMatch(
    /^cannot write the record .*: it does not exist/,
  );
  expect(readdirSync(path()).filter((name) => name.startsWith('.'))).toEqual([]);
});
