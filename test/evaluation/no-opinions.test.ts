import fs from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { writePicture } from '#src/images/index.js';
import { temporaryFolder } from '../weights/files.js';
import { withOpenedFiles } from '../api/opened-files.js';
import { noisyPicture } from '../models/denoisers.js';

const path = temporaryFolder();
const built = fileURLToPath(new URL('../../dist/', import.meta.url));
const manifest = fileURLToPath(new URL('../../package.json', import.meta.url));

/** Every file of the package that a file imports, by way of others too; workers that it starts are among them. */
async function reachable(entry: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const open = [resolve(built, entry)];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (found.has(file)) continue;
    // Examples in comments are no imports.
    const text = (await readFile(file, 'utf8')).replace(/^[ \t]*(?:\/\*[\s\S]*?\*\/|\/\/.*)/gm, '');
    found.set(file, text);
    const targets = text.matchAll(
      /(?:from|import|import\(|new URL\()\s*['"]((?:\.{1,2}\/|#(?:platform|images)\/)[^'"]+)['"]/g,
    );
    for (const [, target = ''] of targets)
      open.push(
        target.startsWith('#') ? fileURLToPath(import.meta.resolve(target)) : resolve(dirname(file), target),
      );
  }
  return found;
}

test('what trains a scorer reaches no code that reads tables of scores', async () => {
  const files = await reachable('runs/scorer/train-scorer.js');
  const names = [...files.keys()].map((file) => relative(built, file));
  // The walk finds what it should: the thread that makes pictures, and the lesson.
  expect(names).toContain('runs/scorer/graded-batches.js');
  expect(names).toContain('quality/scorer/scorer-objective.js');
  expect(names.length).toBeGreaterThan(50);
  expect(names.filter((name) => /csv|mos(?!aic)|opinion/i.test(name))).toEqual([]);
  expect(names.filter((name) => /^(?:cli|report)\//.test(name))).toEqual([]);
  // The walk would not see what is imported under a name that is made at run time.
  const unseen = [...files].filter(([, text]) =>
    /\bimport\(\s*[^'"\s]|new Worker\(\s*[^n\s]/.test(withoutComments(text)),
  );
  // A thread imports what it is told, and that is told as the walk sees it: by an address that is written out.
  expect(unseen.map(([file]) => relative(built, file))).toEqual(['platform/node/thread-calls.js']);
  const told = [...files].flatMap(([file, text]) => {
    const code = withoutComments(text);
    const calls = /\b(?:threads|batches)\.js$/.test(file)
      ? []
      : [...code.matchAll(/\b(?:muchInThread|inThread|batchesAside)\(\s*(new URL\(|\w+,)/g)];
    return calls.map(([, address = '']) =>
      address === 'new URL(' || code.includes(`const ${address.slice(0, -1)} = new URL('`)
        ? 'written out'
        : address,
    );
  });
  expect(told.length).toBeGreaterThan(3);
  expect(new Set(told)).toEqual(new Set(['written out']));
  const readers = [...files].filter(([, text]) => /\.csv\b|parseCsv|text\/csv/i.test(withoutComments(text)));
  expect(readers.map(([file]) => relative(built, file))).toEqual([]);
});

test('what compares measures with people is what the walk would find', async () => {
  const names = [...(await reachable('evaluation/evaluate-quality.js')).keys()].map((file) =>
    relative(built, file),
  );
  expect(names.filter((name) => /csv|mos(?!aic)|opinion/i.test(name))).toEqual(
    expect.arrayContaining([
      'evaluation/opinions/csv.js',
      'evaluation/opinions/opinion-table.js',
      'evaluation/opinions/opinion-pictures.js',
    ]),
  );
});

test.each([
  ...['training/index.js', 'quality/index.js', 'images/index.js', 'weights/index.js'],
  'runs/index.js',
])('the room of %s reaches none of it', async (entry) => {
  const names = [...(await reachable(entry)).keys()].map((file) => relative(built, file));
  expect(names.filter((name) => /csv|mos(?!aic)|opinion/i.test(name))).toEqual([]);
});

const withoutComments = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');

test('the watch sees what is opened, by name or by stream, in threads too', async () => {
  for (const name of ['one', 'two', 'three']) await writeFile(path(`${name}.csv`), 'file,mos\n');
  await writeFile(
    path('thread.mjs'),
    `import { createReadStream } from 'node:fs'; createReadStream(${JSON.stringify(path('three.csv'))}).resume();`,
  );
  const opened = await withOpenedFiles(
    `import { readFileSync } from 'node:fs';
     import { open } from 'node:fs/promises';
     import { Worker } from 'node:worker_threads';
     readFileSync(${JSON.stringify(path('one.csv'))});
     await (await open(${JSON.stringify(path('two.csv'))})).close();
     const thread = new URL(${JSON.stringify(pathToFileURL(path('thread.mjs')).href)});
     await new Promise((ended) => new Worker(thread, { execArgv: [] }).on('exit', ended));`,
    path('watched.txt'),
  );
  for (const name of ['one', 'two', 'three']) expect(opened).toContain(path(`${name}.csv`));
});

test('a training opens the pictures it is given and its own run, and nothing beside them', async () => {
  await mkdir(path('photos'));
  for (const name of ['a', 'b']) await writePicture(path('photos', `${name}.png`), noisyPicture(80, 72));
  // Opinions lie beside the pictures, under the names that databases give them.
  for (const name of ['mos.csv', 'a.csv', 'scores.json', 'mos_with_names.txt'])
    await writeFile(path('photos', name), 'file,mos\na.png,0.9\nb.png,0.1\n');
  const opened = await withOpenedFiles(
    `const { trainScorer } = await import(${JSON.stringify(join(built, 'api/index.js'))});
     await trainScorer({
       pictures: [${JSON.stringify(path('photos'))}], output: ${JSON.stringify(path('run'))}, validation: ${JSON.stringify(path('photos'))},
       baseChannels: 4, patch: 64, batch: 1, steps: 2, device: 'cpu', threads: 1,
     });`,
    path('opened.txt'),
  );
  expect(fs.existsSync(path('run', 'weights.safetensors'))).toBe(true);
  const own = [built, manifest, path('run'), path('opened.txt.mjs')];
  const others = opened
    .map((file) => (file.startsWith('file:') ? fileURLToPath(file) : file))
    // What Node asks the system about the machine, and the packages that the program is made of.
    .filter((file) => !/^\/(?:proc|sys|dev|etc|usr)\/|[\\/]node_modules[\\/]/.test(file))
    .filter((file) => own.every((place) => relative(place, file).startsWith('..')));
  // Beside the program and its run, the pictures alone: whatever opinions are called, and wherever they lie.
  expect([...new Set(others)].sort()).toEqual(['a', 'b'].map((name) => path('photos', `${name}.png`)));
});

test('its settings hold pictures and how to learn, and no place for a score', async () => {
  const { config } = JSON.parse(await readFile(path('run', 'config.json'), 'utf8'));
  const names = Object.keys(config);
  expect(names).toContain('files');
  expect(names.filter((name) => /score|mos|opinion|label|target/i.test(name))).toEqual([]);
});
