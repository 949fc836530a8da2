// node bench/noise-charts.mjs [DRAWS]: holds the noise model against photographs of colour charts by 28 cameras.
// Prints tables, and draws docs/images/noise-charts.svg with --draw. docs/noise.md explains them.
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { measureCameras } from './noise-charts/cameras.mjs';
import { coverage } from './noise-charts/coverage.mjs';
import { measureModel } from './noise-charts/model.mjs';
import { chartsOf } from './noise-charts/svg.mjs';
import { tableLines } from './table.mjs';

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(project, '../shared/data/noise_charts');
const words = process.argv.slice(2);
const drawsEach = Number(words.find((word) => !word.startsWith('--')) ?? 6);
if (!(Number.isSafeInteger(drawsEach) && drawsEach >= 0 && drawsEach <= 1000)) {
  console.error('noise-charts: DRAWS is how often the model is drawn for each camera, 0 to 1000');
  process.exit(2);
}
if (!existsSync(folder)) {
  console.log(`skipped: the charts are not here; ${folder} does not exist`);
  process.exit(0);
}

const number = (value, digits = 2) => (value === undefined ? '–' : value.toFixed(digits));
const headings = [
  ...['camera', 'patches', 'σ dark', 'middle', 'light', 'chroma/luma'],
  ...['luma ρ1→', 'ρ1↓', 'ρ2→', 'ρ4→', 'chroma ρ1→', 'ρ1↓', 'ρ2→', 'ρ4→'],
  ...['coarse luma', 'chroma', 'RG', 'GB'],
];
const row = (name, { luma, chroma, ...one }) => [
  ...[name, String(one.patches), number(one.dark), number(one.middle), number(one.light)],
  ...[one.chromaShare, luma?.across[0], luma?.down[0], luma?.across[1], luma?.across[3]].map((v) =>
    number(v),
  ),
  ...[chroma?.across[0], chroma?.down[0], chroma?.across[1], chroma?.across[3]].map((v) => number(v)),
  ...[number(one.lumaCoarse, 1), number(one.chromaCoarse, 1), number(one.redGreen), number(one.greenBlue)],
];

const cameras = await measureCameras(folder);
console.log(
  tableLines(
    headings,
    cameras.map(({ name, measured }) => row(name, measured)),
  ).join('\n'),
);
if (drawsEach > 0) {
  const draws = await measureModel(cameras, drawsEach);
  const { lines, ranges } = coverage(cameras, draws);
  console.log(`\n${lines.join('\n')}`);
  if (words.includes('--draw')) {
    const target = join(project, 'docs/images/noise-charts.svg');
    writeFileSync(`${target}.part`, chartsOf(cameras, draws, ranges));
    renameSync(`${target}.part`, target);
    console.log(`\nDrawn as ${target}`);
  }
}
