import { expect, test } from 'vitest';
import { openedOnce } from '../../web/src/desk/opened-once.js';

test('a picture is opened once for all who need it meanwhile, and anew for those who come later', async () => {
  let times = 0;
  const file = new Blob([]);
  const opened = openedOnce(async () => {
    times += 1;
    if (times === 2) throw new Error('it is damaged');
    return { times };
  });
  const [one, two] = await Promise.all([opened(1, file), opened(1, file)]);
  expect(one).toBe(two);
  const failed = await Promise.allSettled([opened(1, file), opened(1, file)]);
  expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await Promise.all([opened(1, file), opened(2, file)])).toEqual([{ times: 3 }, { times: 4 }]);
});
