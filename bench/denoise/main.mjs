// node bench/denoise/main.mjs [--every N] [--output FOLDER]: denoisers on real pairs, picture by picture (bench/denoise.md).
// Of ../shared/data: sidd5, and every Nth pair of polyu (default 8). OpenCV's non-local means, at the best strength for each picture, needs
// Debian's python3-opencv; without it the column is left out, and said so.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { tableLines } from '../table.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const project = join(here, '../..');
const shared = join(project, '../shared');
const { values } = parseArgs({
  options: { every: { type: 'string', default: '8' }, output: { type: 'string', default: 'runs/denoise' } },
});
const every = Number(values.every);
if (!(Number.isSafeInteger(every) && every > 0)) {
  console.error('denoise: --every is a whole number of at least 1');
  process.exit(2);
}
if (!existsSync(join(shared, 'data'))) {
  console.log(`skipped: the pairs are not here; ${join(shared, 'data')} does not exist`);
  process.exit(0);
}
const { compare, openDenoiser, readPicture } = await import('../../dist/index.js');

/** The pairs of both sets. */
function pairs() {
  const [sidd, polyu] = [join(shared, 'data/sidd5'), join(shared, 'data/polyu')];
  return [
    ...readdirSync(join(sidd, 'noisy')).map((name) => ({
      ...{ set: 'sidd5', name: name.replace('.png', '') },
      ...{ noisy: join(sidd, 'noisy', name), clean: join(sidd, 'clean', name) },
    })),
    ...readdirSync(polyu)
      .filter((name) => name.endsWith('_real.JPG'))
      .sort()
      .filter((_, i) => i % every === 0)
      .map((name) => ({
        ...{ set: 'polyu', name: name.replace('_real.JPG', '') },
        ...{ noisy: join(polyu, name), clean: join(polyu, name.replace('_real', '_mean')) },
      })),
  ];
}

/** Whether OpenCV can be had: by Debian's Python, which is not always the first on the path. */
const python = ['/usr/bin/python3', 'python3'].find((program) => {
  try {
    execFileSync(program, ['-c', 'import cv2'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});
if (python === undefined)
  console.log('left out: non-local means (OpenCV is not here: apt-get install python3-opencv)');

const networks = [
  ['general', {}],
  ['self-supervised', { weights: 'self-supervised', adapt: false }],
  ["TM-BSN's student, bare", { weights: join(shared, 'weights/NBSN_SIDD.pth'), bare: true }],
];
const contestants = [
  'noisy',
  ...(python === undefined ? [] : ['non-local means']),
  ...networks.map(([name]) => name),
];
const folder = (name) => {
  const made = join(values.output, name.replaceAll(/[^a-z]+/gi, '-'));
  mkdirSync(made, { recursive: true });
  return made;
};

const found = [];
for (const pair of pairs()) found.push({ ...pair, files: { noisy: pair.noisy }, psnr: {}, ssim: {} });
if (python !== undefined)
  for (const one of found) {
    const file = join(folder('non-local means'), `${one.name}.png`);
    if (!existsSync(file))
      execFileSync(python, [join(here, 'non-local-means.py'), one.noisy, one.clean, file]);
    one.files['non-local means'] = file;
  }
for (const [name, options] of networks) {
  const denoiser = await openDenoiser(options);
  for (const one of found) {
    const file = join(folder(name), `${one.name}.png`);
    if (!existsSync(file)) await (await denoiser.denoise(one.noisy)).toFile(file);
    one.files[name] = file;
  }
  await denoiser.close();
}
for (const one of found)
  for (const name of contestants) {
    const { psnr, ssim } = await compare(await readPicture(one.files[name]), await readPicture(one.clean));
    one.psnr[name] = psnr;
    one.ssim[name] = ssim;
  }

const mean = (rows, of) => rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
const sets = ['sidd5', 'polyu'].map((set) => [set, found.filter((one) => one.set === set)]);
const rows = found.map((one) => [one.name, ...contestants.map((name) => one.psnr[name].toFixed(2))]);
for (const [set, members] of sets)
  rows.push([
    `**${set}, mean of ${members.length}**`,
    ...contestants.map(
      (name) =>
        `${mean(members, (one) => one.psnr[name]).toFixed(2)} / ${mean(members, (one) => one.ssim[name]).toFixed(3)}`,
    ),
  ]);
for (const line of tableLines(['PSNR (means: and SSIM)', ...contestants], rows)) console.log(line);
