import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { settled } from '#src/options/index.js';
import { fairQueue } from '#src/api/index.js';
import { answerBody } from '#src/serve/answer-body.js';
import { arrive } from '#src/serve/arrive.js';
import { operationsFor } from '#src/serve/operations.js';
import { limitOptions } from '#src/serve/options.js';
import { Spool } from '#src/serve/spool.js';
import { photograph } from '../cli/command.js';

const folder = mkdtempSync(join(tmpdir(), 'revela-arrive-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const limits = settled(limitOptions, { transferSeconds: 0.2 });
const { denoise, compare } = operationsFor(limits);

it('answers 408 where the time is over, wherever the picture is by then', async () => {
  const photo = new Blob([Uint8Array.from(await photograph(24, 20).png().toBuffer())]);
  const form = new FormData();
  for (const name of ['picture', 'reference']) form.set(name, photo);
  const spool = await Spool.open(1e8, folder);
  // Who looks at pictures has no time.
  const looking = fairQueue(1);
  let free = (): void => {};
  void looking.take(() => new Promise<void>((resolve) => (free = resolve)));
  for (const [operation, body] of [
    [denoise, photo],
    [compare, form],
  ] as const) {
    if (operation === undefined) expect.fail('no such operation');
    const request = new Request('http://localhost/', { method: 'POST', body });
    await expect(arrive(request, operation, { spool, limits, looking })).rejects.toMatchObject({
      status: 408,
      code: 'ERR_TIMEOUT',
    });
    expect([spool.bytes, readdirSync(spool.folder)]).toEqual([0, []]);
  }
  free();
  await spool.close();
});

it('closes the file of an answer that nobody may take, or that cannot be read', async () => {
  const gone = vi.fn();
  const early = await answerBody(import.meta.filename, AbortSignal.abort(new Error('gone')), gone);
  await expect(early.getReader().read()).rejects.toThrow('gone');
  const broken = vi.fn();
  const body = await answerBody(folder, new AbortController().signal, broken); // a folder opens, and has no bytes
  await expect(body.getReader().read()).rejects.toThrow('EISDIR');
  expect([gone.mock.calls.length, broken.mock.calls.length]).toEqual([1, 1]);
});
