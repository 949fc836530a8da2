// SFD's parts on real features: trains the five settings of settings.mjs, one after another, measures them, and prints the tables of bench/sfd.md.
// Ctrl-C saves; the same command goes on. Run `npm run build` first.
import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { shippedUpscalerPath, trainUpscaler } from '#src/api/index.js';
import { measured, tableOf } from './measure.mjs';
import { qualityTable } from './quality.mjs';
import { settingsOf } from './settings.mjs';

const help = `Usage: node bench/ablation/main.mjs --shared FOLDER --output FOLDER [--steps N] [--patch N] [--from WEIGHTS] [--only NAME]... [--held N] [--no-quality]

  --shared FOLDER   the material beside the repository: data/photos, data/set14, data/biq2021, weights
  --output FOLDER   runs, enlarged pictures, results.json and tables.md
  --steps N         of each setting (default: 20000)
  --patch N         side of the large patches in pixels (default: 128)
  --from WEIGHTS    what all begin with: a file or a run of the pixel stage (default: the shipped upscaler)
  --only NAME       train this setting only: pixel, lpips, image, feature, pairs; may be repeated
  --held N          photographs held out and measured (default: 20)
  --measured N      of set14, and of the held-out photographs, at most so many (default: all)
  --no-quality      leave out SFD-IQA on biq2021`;

const { values } = parseArgs({
  options: {
    ...{ shared: { type: 'string' }, output: { type: 'string' }, from: { type: 'string' } },
    ...{ steps: { type: 'string', default: '20000' }, patch: { type: 'string', default: '128' } },
    held: { type: 'string', default: '20' },
    ...{ only: { type: 'string', multiple: true }, measured: { type: 'string' } },
    ...{ quality: { type: 'boolean', default: true }, help: { type: 'boolean' } },
  },
  allowNegative: true,
});
if (values.help || values.shared === undefined || values.output === undefined) {
  console.log(help);
  process.exit(values.help ? 0 : 2);
}

const stop = new AbortController();
process.once('SIGINT', () => stop.abort());
process.once('SIGTERM', () => stop.abort());
const tell = (line) => console.error(line);

const output = resolve(values.output);
const data = (...parts) => join(resolve(values.shared), 'data', ...parts);
const weights = (name) => join(resolve(values.shared), 'weights', name);
const picturesIn = async (folder, end) =>
  (await readdir(folder))
    .filter((name) => name.endsWith(end))
    .sort()
    .map((name) => join(folder, name));

// Held out are photographs at equal distances in the order of names, whatever else is trained.
const photos = await picturesIn(data('photos'), '.jpg');
const every = Math.floor(photos.length / Number(values.held));
const held = photos.filter((_, i) => i % every === 0).slice(0, Number(values.held));
const learnt = photos.filter((file) => !held.includes(file));

const backbone = weights('squeezenet1_1-full.safetensors');
const start = values.from ?? shippedUpscalerPath('faithful');
const settings = settingsOf({
  ...{ steps: Number(values.steps), patch: Number(values.patch), from: start, pictures: learnt, backbone },
  lpips: { network: 'squeeze', weights: weights('lpips_v0.1_squeeze.pth'), backbone },
});

async function trained({ name, options }) {
  const folder = join(output, 'runs', name);
  const { device } = options;
  const going = existsSync(join(folder, 'config.json'))
    ? { resume: folder, device }
    : { ...options, output: folder };
  tell(`${name}: ${'resume' in going ? 'goes on' : 'begins'}`);
  let told = 0;
  const { steps, finished } = await trainUpscaler({
    ...going,
    signal: stop.signal,
    onProgress: (progress) => {
      if (progress.kind !== 'training' || progress.step < told) return;
      told = progress.step + Math.max(1, Math.floor(options.steps / 100));
      tell(
        `${name}: step ${progress.step}, loss ${progress.loss.toFixed(4)}, ${progress.patchesPerSecond.toFixed(1)} patches/s`,
      );
    },
  });
  tell(`${name}: ${steps} steps${finished ? '' : ', stopped; the same command goes on'}`);
  if (!finished) process.exit(3);
}

await mkdir(output, { recursive: true });
const wanted = settings.filter(({ name }) => values.only?.includes(name) ?? true);
for (const setting of wanted) await trained(setting);

const run = (name) => join(output, 'runs', name);
const most = Number(values.measured ?? Number.POSITIVE_INFINITY);
const sets = [
  { name: 'set14', files: (await picturesIn(data('set14'), '_HR.png')).slice(0, most) },
  { name: 'photos', files: held.slice(0, most) },
];
const ways = [
  { name: 'bicubic' },
  { name: 'start', weights: start },
  ...settings
    .filter(({ name }) => existsSync(join(run(name), 'weights.safetensors')))
    .map(({ name }) => ({ name, weights: run(name) })),
];
// Taught by SqueezeNet, judged by AlexNet.
const lpips = {
  network: 'alex',
  weights: weights('lpips_v0.1_alex.pth'),
  backbone: weights('alexnet-features.safetensors'),
};
const rows = await measured({ ways, sets, lpips, pictures: join(output, 'pictures'), tell });
const titles = Object.fromEntries(settings.map(({ name, title }) => [name, title]));
const tables = [tableOf(rows, sets, { start: 'what all begin with', ...titles })];
if (values.quality && existsSync(join(run('pairs'), 'judges.safetensors')))
  tables.push(
    await qualityTable({
      ...{
        run: run('pairs'),
        backbone,
        calibration: held,
        output: join(output, 'sfd-iqa.safetensors'),
        tell,
      },
      opinions: {
        scores: data('biq2021', 'mos.csv'),
        images: data('biq2021'),
        ...(Number.isFinite(most) ? { limit: Math.max(6, most) } : {}),
      },
    }),
  );
await writeFile(
  join(output, 'results.json'),
  `${JSON.stringify({ steps: values.steps, held, rows }, null, 2)}\n`,
);
await writeFile(join(output, 'tables.md'), `${tables.join('\n\n')}\n`);
console.log(tables.join('\n\n'));
