import { readdir, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import type { Runtime } from '#src/runtime/index.js';
import { createRuntime } from '#src/runtime/node/index.js';
import { checkClip } from './clip.js';
import { type Check, type Fixture, readFixture } from './fixture.js';
import { checkMethod } from './methods.js';
import { checkNetwork } from './networks.js';
import { checkOperators } from './operators.js';
import { checkPublishedDistances, publishedNetworks } from './published-distances.js';

const usage = `Usage: npm run conformance -- FOLDER|FILE... [--published FOLDER] [--device cpu|webgpu|cuda] [--verbose]

Compares this program with fixture files: numbers that the methods' original programs computed. With --published also LPIPS
of real pictures through real networks, where FOLDER has weights/ and data/, with the published scores.
Prints a line per file with its largest error, then "N passed, N failed"; exit code 1 on a failure or on a file
that it does not understand.

Example: npm run conformance -- test/fixtures --device cpu`;

async function fixturesIn(path: string): Promise<string[]> {
  if (!(await stat(path)).isDirectory()) return [path];
  const entries = await readdir(path, { recursive: true });
  return entries
    .filter((entry) => entry.endsWith('.safetensors'))
    .sort()
    .map((entry) => join(path, entry));
}

async function checksOf(fixture: Fixture, runtime: Runtime): Promise<Check[]> {
  switch (fixture.metadata['kind']) {
    case 'operators':
      return checkOperators(fixture, runtime);
    case 'network':
      return fixture.metadata['network'] === 'clip'
        ? checkClip(fixture, runtime)
        : checkNetwork(fixture, runtime);
    case 'method':
      return checkMethod(fixture, runtime);
    default:
      throw new Error(`this program does not know fixtures of kind ${fixture.metadata['kind'] ?? '(none)'}`);
  }
}

/** How far a check used up its tolerance; a tolerance of 0 allows no error at all. */
const share = ({ error, tolerance }: Check): number => (error === 0 ? 0 : error / tolerance);

async function report(name: string, check: () => Promise<Check[]>, verbose: boolean): Promise<boolean> {
  const begun = performance.now();
  try {
    const checks = await check();
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    const failures = checks.filter((check) => !(check.error <= check.tolerance));
    const worst = checks.reduce((a, b) => (share(b) > share(a) ? b : a));
    const verdict = failures.length === 0 ? 'pass' : 'FAIL';
    console.log(
      `${verdict}  ${name}: ${checks.length} checks, worst ${worst.what} ${worst.error.toExponential(1)} (allowed ${worst.tolerance}), ${seconds} s`,
    );
    for (const check of verbose ? checks : failures)
      console.log(`      ${check.what}: ${check.error.toExponential(2)} (allowed ${check.tolerance})`);
    return failures.length === 0;
  } catch (error) {
    console.log(`FAIL  ${name}: ${error instanceof Error ? error.message : String(error)}`);
    return false;
  }
}

const argumentsOf = () =>
  parseArgs({
    allowPositionals: true,
    options: {
      device: { type: 'string', default: 'cpu' },
      published: { type: 'string' },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });

async function main(): Promise<number> {
  const { values, positionals } = argumentsOf();
  const device = values.device;
  if (values.help || (positionals.length === 0 && values.published === undefined)) {
    console.log(usage);
    return values.help ? 0 : 2;
  }
  if (device !== 'cpu' && device !== 'webgpu' && device !== 'cuda') {
    console.error(`conformance: --device must be cpu, webgpu or cuda, got ${device}`);
    return 2;
  }
  const runtime = await createRuntime({ device, onWarning: (line) => console.error(line) });
  // While anything lies on a graphics card, the programs that were compiled for it are there for the next check.
  const anchor = await runtime.upload({ data: Float32Array.of(0), shape: [1], dtype: 'float32' });
  console.log(`Device: ${runtime.description}`);
  let passed = 0;
  let failed = 0;
  const counted = async (name: string, check: () => Promise<Check[]>): Promise<void> => {
    if (await report(name, check, values.verbose)) passed += 1;
    else failed += 1;
  };
  for (const root of positionals) {
    const files = await fixturesIn(root);
    if (files.length === 0) console.error(`conformance: there is no .safetensors file in ${root}`);
    if (files.length === 0) failed += 1;
    for (const file of files) {
      const name = files.length === 1 ? file : relative(root, file);
      await counted(name, async () => checksOf(await readFixture(file), runtime));
    }
  }
  const shared = values.published;
  if (shared !== undefined)
    for (const network of publishedNetworks)
      await counted(`published scores of LPIPS ${network}`, () =>
        checkPublishedDistances(shared, network, runtime),
      );
  anchor.release();
  await runtime.close();
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

// A mistyped option is thrown by the parser, with a message of one line.
process.exitCode = await main().catch((error: unknown) => {
  console.error(`conformance: ${error instanceof Error ? error.message : String(error)}`);
  return 2;
});
