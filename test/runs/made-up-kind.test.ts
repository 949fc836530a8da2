import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import { photograph } from '../cli/command.js';
import { temporaryFolder } from '../weights/files.js';

const path = temporaryFolder();
const run = promisify(execFile);
const module = (name: string): string => JSON.stringify(import.meta.resolve(`#src/${name}.js`));

/** One file: a kind of training that is a denoiser's, under another name. */
const madeUp = `
import { denoiserKind } from ${module('runs/denoiser/train-denoiser')};
const plain = ({ kind, ...settings }) => settings;
const schema = {
  problem: (value, place) => denoiserKind.schema.problem(plain(value), place),
  is: (value) => value.kind === 'made-up' && denoiserKind.schema.is(plain(value)),
};
export const madeUpKind = {
  ...denoiserKind,
  ...{ name: 'made-up', called: 'trainMadeUp', command: 'train made-up', schema },
  ...{ title: 'a made-up thing', product: 'a made-up thing of thin air' },
  newSettings: async (options, tell) => ({ kind: 'made-up', ...(await denoiserKind.newSettings(options, tell)) }),
  again: () => ({ seed: 7 }),
  measuredOn: () => 'the height of the castle',
  numbers: 'heights in ells',
};
`;

/** One list: Node loads it with a line more. */
const hooks = (file: string): string => `
export async function load(url, context, next) {
  const loaded = await next(url, context);
  if (url !== ${module('runs/kinds')}) return loaded;
  const list = String(loaded.source).replace(/runKinds = \\[/, 'runKinds = [madeUpKind, ');
  return { ...loaded, source: "import { madeUpKind } from ${file};\\n" + list };
}
`;

const urlOf = (name: string): string => pathToFileURL(path(name)).href;

/** Runs what Node is given, with the kind in the list. */
async function node(...given: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, ['--import', urlOf('register.mjs'), ...given]);
  return stdout;
}

beforeAll(async () => {
  await writeFile(path('made-up.mjs'), madeUp);
  await writeFile(path('hooks.mjs'), hooks(`'${urlOf('made-up.mjs')}'`));
  await writeFile(
    path('register.mjs'),
    `import { register } from 'node:module';\nregister('${urlOf('hooks.mjs')}');\n`,
  );
  await photograph(64, 64).png().toFile(path('a.png'));
});

test('one file and one line of a list make a kind of training: trained, resumed, described, reported', async () => {
  const options = {
    ...{ pictures: [path('a.png')], output: path('run'), device: 'cpu', steps: 1, patch: 20 },
    ...{ baseChannels: 4, modules: 1 },
  };
  const folder = JSON.stringify(path('run'));
  const program = `
    import { madeUpKind } from '${urlOf('made-up.mjs')}';
    import { reportRuns } from ${module('report/index')};
    import { resumeTraining } from ${module('api/training')};
    import { trainRun } from ${module('runs/training-run')};
    await trainRun(madeUpKind, ${JSON.stringify(options)});
    const { steps } = await resumeTraining(${folder}, { device: 'cpu', steps: 2 });
    console.log('steps', steps);
    console.log(await reportRuns([${folder}]));
  `;
  const told = await node('--input-type=module', '--eval', program);
  expect(told).toContain('steps 2\n');
  expect(told).toContain('<td>a made-up thing</td>');
  expect(told).toContain('Heights in ells.');
  expect(told).toMatch(/revela train made-up \S+ --output \S+ --seed 7</);
  const info = await node(fileURLToPath(import.meta.resolve('#src/cli/main.js')), 'info', path('run'));
  expect(info).toMatch(/kind +folder of a training run, of a made-up thing\n/);
  expect(info).toMatch(/validation +the height of the castle\n/);
}, 120_000);
