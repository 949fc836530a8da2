// npm run bench: measures Revela against other programs on this machine. See --help.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuild, ensureDependencies, requireNode } from '../scripts/setup.mjs';
import { convolutions } from './cases/convolution.mjs';
import { inferences } from './cases/inference.mjs';
import { matmulRate } from './cases/matmul.mjs';
import { sfdSteps } from './cases/sfd.mjs';
import { startTime } from './cases/start.mjs';
import { amsnetSteps, sdapSteps } from './cases/training.mjs';
import { machine, machineLine } from './machine.mjs';
import { help, readOptions } from './options.mjs';
import { ensurePyTorch } from './pytorch.mjs';
import { peakRate, reportLines } from './report.mjs';

const benchmarks = {
  matmul: matmulRate,
  training: sdapSteps,
  amsnet: amsnetSteps,
  sfd: sfdSteps,
  inference: inferences,
  convolution: convolutions,
  start: startTime,
  // It loads the package, which may have to be built first.
  costs: async (setting) => (await import('./cases/costs.mjs')).compilerCosts(setting),
  web: async (setting) => (await import('./cases/web.mjs')).pageTimes(setting),
};

const options = readOptions(process.argv.slice(2));
if (options.help) {
  console.log(help);
  process.exit(0);
}
requireNode();
if (options.build) {
  ensureDependencies();
  ensureBuild();
}

/** What runs now, on one line that the next overwrites; only where a person looks on. */
const note = (text) => {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K  ${text}`);
};
const print = (lines) => {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  if (!options.json) console.log(lines.join('\n'));
};

/** Whether a network is among those asked for. */
const takes = ({ architecture }) => options.network.includes(architecture);

const torchless = ['convolution', 'start', 'costs', 'web'];
const needsTorch = options.only.some((name) => !torchless.includes(name));
const torch = needsTorch ? ensurePyTorch() : {};
const host = machine(torch.version);
print([machineLine(host), `Revela on ${options.device}; the others on the CPU`]);
for (const line of [torch.missing, torch.warning]) {
  if (line !== undefined) console.error(`bench: PyTorch: ${line}`);
}

const results = {};
let peak;
try {
  // The rate of matrix products comes first whatever was asked for: the others are given as fractions of it.
  const wanted = options.only.some((name) => !['start', 'costs', 'web'].includes(name))
    ? ['matmul', ...options.only]
    : options.only;
  for (const name of new Set(wanted)) {
    const { device, quick } = options;
    const setting = { device, quick, torch: torch.version !== undefined, takes, note };
    const tables = await benchmarks[name](setting);
    if (name === 'matmul') peak = peakRate(tables);
    results[name] = tables;
    for (const table of tables) print(reportLines(table, peak));
  }
} catch (error) {
  console.error(`bench: ${error.message}`);
  process.exit(1);
}

const record = { measured: new Date().toISOString(), machine: host, device: options.device, peak, results };
const text = `${JSON.stringify(record, undefined, 2)}\n`;
if (options.json) process.stdout.write(text);
if (options.save) {
  const folder = join(dirname(fileURLToPath(import.meta.url)), 'results');
  mkdirSync(folder, { recursive: true });
  const target = join(folder, 'latest.json');
  writeFileSync(`${target}.part`, text);
  renameSync(`${target}.part`, target);
  if (!options.json) console.log(`\nSaved as ${target}`);
}
