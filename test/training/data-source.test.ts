import { expect, test } from 'vitest';
import { disposable } from '#src/belongings.js';
import { batchesByStep, listedBatches } from '#src/training/index.js';

/** Batches in order that say when they begin and end. */
function recorded() {
  const log: string[] = [];
  const open = (first: number) => {
    log.push(`begins at ${first}`);
    let step = first;
    return disposable({
      next: async () => ({ step: step++, value: 10 * (step - 1) }),
      close: async () => void log.push('closed'),
    });
  };
  return { log, open };
}

test('the batch of a step is the same whenever it is asked for, and only leaps begin anew', async () => {
  const { log, open } = recorded();
  {
    await using source = await batchesByStep(open, 3);
    const together = await Promise.all([source.at(3), source.at(4), source.at(9), source.at(3)]);
    expect(together.map(({ value }) => value)).toEqual([30, 40, 90, 30]);
    expect((await source.at(4)).value).toBe(40);
    expect((await source.at(900)).value).toBe(9000);
  }
  const begun = ['begins at 3', 'closed', 'begins at 3', 'closed', 'begins at 900', 'closed'];
  expect(log).toEqual(begun);
});

test('a failure does not stand in the way of the batches after it', async () => {
  let fails = true;
  const open = (first: number) =>
    disposable({
      next: async () => {
        if (fails) throw new Error('no such picture');
        return { step: first };
      },
      close: async () => {},
    });
  await using source = await batchesByStep(open, 0);
  await expect(source.at(0)).rejects.toThrow('no such picture');
  fails = false;
  expect(await source.at(5)).toEqual({ step: 5 });
});

test('a list has no more than it has', async () => {
  const list = listedBatches(['a']);
  expect(await list.at(0)).toBe('a');
  await expect(list.at(1)).rejects.toThrow('there are only 1 batches');
});
