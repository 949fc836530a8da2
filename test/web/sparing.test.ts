import { expect, test } from 'vitest';
import { sparing } from '#src/web/sparing.js';

test('what is done beside the work rests five times as long as it took', async () => {
  let time = 100;
  const done: string[] = [];
  const keep = sparing(
    async (what: string, takes: number) => {
      done.push(what);
      time += takes;
    },
    () => time,
  );
  await keep('first', 2);
  expect(time).toBe(102);
  time = 111;
  await keep('too soon', 2);
  time = 112;
  await keep('second', 0);
  await keep('at once, as nothing took any time', 1);
  expect(done).toEqual(['first', 'second', 'at once, as nothing took any time']);
});
