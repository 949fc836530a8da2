import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fileSha256 } from '#src/api/index.js';
import type { Recipe } from '#src/fleet/recipe.js';
import { openWorkshop } from '#src/fleet/workshop.js';
import { packageVersion } from '#src/package-version.js';
import { photograph, temporaryFolder } from '../cli/command.js';

const path = temporaryFolder();
const never = new AbortController().signal;

async function task(name: string) {
  await mkdir(path(name));
  const input = path(join(name, 'a.png'));
  await photograph(200, 120).png().toFile(input);
  const recipe: Recipe = {
    ...{ format: 'revela-fleet-1', revela: packageVersion(), work: 'score' },
    ...{ options: { metrics: ['niqe'] }, result: {} },
  };
  const output = path(join(name, 'a.json'));
  return { recipe, input, output, place: 'a.png', sha256: await fileSha256(input), threads: 1 };
}

it('says that its process cannot be started, and starts one when it can', async () => {
  const asked = await task('start');
  await using workshop = openWorkshop();
  const { execPath } = process;
  process.execPath = '/nowhere/node';
  try {
    const came = await workshop.make(asked, never);
    expect(came).toMatchObject({
      ...{ outcome: 'unable', error: { message: expect.stringContaining('cannot start the process') } },
    });
  } finally {
    process.execPath = execPath;
  }
  expect(await workshop.make(asked, never)).toMatchObject({ outcome: 'made' });
}, 60_000);

it('lets each recipe have its own largest picture', async () => {
  const asked = await task('largest');
  await using workshop = openWorkshop();
  const small = { ...asked, recipe: { ...asked.recipe, maxInput: 0.001 } };
  expect(await workshop.make(small, never)).toMatchObject({
    ...{ outcome: 'failed', error: { facts: { code: 'ERR_TOO_LARGE' } } },
  });
  expect(await workshop.make(asked, never)).toMatchObject({ outcome: 'made' });
}, 60_000);
