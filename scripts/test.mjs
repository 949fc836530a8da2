// `npm test`: installs the locked dependencies if they are missing, then checks everything. It needs no root: what takes
// the Debian packages of `npm run system-packages` is skipped without them, and fails with CI=true. The last line is
// `N passed, N failed`, and the exit code is 1 when a check failed. A step without numbers of its own counts as one check.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import {
  ensureDependencies,
  installEnvironment,
  missingDebianPackages,
  requireNode,
  root,
  softwareVulkanDriver,
} from './setup.mjs';

process.chdir(root);
requireNode();

const demanding = process.env.CI === 'true';
const node = process.execPath;
const tool = (path) => [node, join('node_modules', path)];
const biome = tool('@biomejs/biome/bin/biome');
const total = { passed: 0, failed: 0 };
const failures = [];

/** Begins a step, and says how long after the first one. */
function heading(title) {
  console.log(`\n== ${title} (at ${Math.round(performance.now() / 1000)} s)`);
}

function count(title, passed, failed, note = '') {
  total.passed += passed;
  total.failed += failed;
  if (failed > 0) failures.push(`${title}${note && `: ${note}`}`);
}

/** Runs a program, showing its output while it comes, or at its end, and returns its exit code and standard output. */
function show([program, ...args], environment, atEnd = false) {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env: environment, stdio: ['ignore', 'pipe', 'inherit'] });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      if (!atEnd) process.stdout.write(text);
    });
    child.on('error', (error) => resolve({ code: 1, output: `${program}: ${error.message}` }));
    child.on('close', (code, signal) => {
      if (atEnd) process.stdout.write(output);
      resolve({ code: signal === null ? code : 1, output });
    });
  });
}

/** A step that is one check: it passes when the program exits with 0. */
async function checkByExitCode(title, command, environment) {
  heading(title);
  const { code } = await show(command, environment);
  count(title, code === 0 ? 1 : 0, code === 0 ? 0 : 1);
}

/** A step of one or several programs at once, whose own last line is `N passed, N failed`. */
async function checkByLastLine(title, commands, environment) {
  heading(title);
  await Promise.all(
    commands.map(async (command) =>
      countByLastLine(title, await show(command, environment, commands.length > 1)),
    ),
  );
}

function countByLastLine(title, { code, output }) {
  const numbers = /(?:^|\n)(\d+) passed, (\d+) failed\s*$/.exec(output);
  if (numbers === null) return count(title, 0, 1, 'it ended without its numbers');
  const [passed, failed] = [Number(numbers[1]), Number(numbers[2])];
  if (passed + failed === 0) return count(title, 0, 1, 'it checked nothing');
  // An exit code that its numbers do not explain is a failure of its own.
  count(title, passed, failed === 0 && code !== 0 ? 1 : failed, code === 0 ? '' : `exit code ${code}`);
}

async function runVitest(title, environment) {
  heading(title);
  const record = join('build', 'vitest.json');
  rmSync(record, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${record}`];
  const { code } = await show([...tool('vitest/vitest.mjs'), 'run', ...reporters], environment);
  if (!existsSync(record)) return count(title, 0, 1, 'it ended without a report');
  const report = JSON.parse(readFileSync(record, 'utf8'));
  // A file that could not be loaded has no tests that could fail.
  const broken = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((assertion) => assertion.status === 'failed'),
  );
  const failed = report.numFailedTests + broken.length;
  const skipped = report.testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status !== 'passed' && status !== 'failed'),
  );
  for (const { fullName } of skipped) console.log(`skipped: ${fullName}`);
  if (report.numPassedTests + failed === 0) return count(title, 0, 1, 'there are no tests');
  count(
    title,
    report.numPassedTests,
    failed === 0 && code !== 0 ? 1 : failed,
    code === 0 ? '' : `exit code ${code}`,
  );
}

heading('set-up');
ensureDependencies();
mkdirSync('build', { recursive: true });
const missing = missingDebianPackages() ?? [];
const vulkan = existsSync(softwareVulkanDriver);
if (missing.length > 0 || !vulkan) {
  const what =
    missing.length > 0
      ? `not installed: Debian's ${missing.join(', ')}`
      : `${softwareVulkanDriver} is missing`;
  console.log(
    `${what}; \`npm run system-packages\` installs what there is to install. ${demanding ? 'With CI=true it has to be there' : 'What takes it is skipped'}`,
  );
  if (demanding) count('set-up', 0, 1, what);
} else {
  console.log('Node, the dependencies, Chromium and the Vulkan loader are there');
}
const environment = { ...installEnvironment, ...(vulkan && { VK_DRIVER_FILES: softwareVulkanDriver }) };

const shared = join(root, '..', 'shared');
if (!existsSync(shared)) {
  const why = '../shared does not exist';
  console.log(`${why}: ${demanding ? 'with CI=true it has to' : 'the tests that read it are skipped'}`);
  if (demanding) count('set-up', 0, 1, why);
}

await checkByExitCode('format', [...biome, 'format', '.'], environment);
await checkByExitCode('lint', [...biome, 'lint', '--error-on-warnings', '.'], environment);
await checkByExitCode('rooms', [node, 'scripts/rooms.mjs'], environment);
// Before the types: tests import the package by its own name, as users do, and see the declarations that are built.
await checkByExitCode('build', [node, 'scripts/build.mjs'], environment);
const compiler = tool('typescript/bin/tsc');
for (const [name, project] of [
  ['types', 'tsconfig.json'],
  ['types of what runs anywhere', 'tsconfig.anywhere.json'],
  ['types of the page', 'web/tsconfig.json'],
])
  await checkByExitCode(name, [...compiler, '--noEmit', '-p', project], environment);
await runVitest('tests', environment);

const conformance = [node, 'scripts/launch.mjs', 'build/conformance/main.js'];
await checkByLastLine('conformance', [[...conformance, 'test/fixtures']], environment);
// A full-size network takes minutes on a Vulkan driver without a GPU: VGG16 and AlexNet are such, and R3 is a network eight times over.
// What they compute with is in the others; a GPU does all of them: `npm run conformance -- test/fixtures --device webgpu`.
const large = /(?:_full|dists|lpips_vgg|lpips_alex|r3_refinement)\.safetensors$/;
const small = readdirSync('test/fixtures', { recursive: true })
  .filter((file) => file.endsWith('.safetensors') && !large.test(file))
  .map((file) => join('test/fixtures', file));
if (vulkan) {
  // The driver takes one core, mostly to compile: two halves take two.
  const half = (remainder) => small.filter((_, i) => i % 2 === remainder);
  await checkByLastLine(
    'conformance on WebGPU, in two halves',
    [0, 1].map((remainder) => [...conformance, ...half(remainder), '--device', 'webgpu']),
    environment,
  );
}
if (existsSync(join(shared, 'fixtures'))) {
  // Most of them are ours, byte by byte, and have been checked.
  const fixtures = (folder) =>
    readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.safetensors'));
  const [ours, theirs] = ['test/fixtures', join(shared, 'fixtures')];
  const others = fixtures(theirs).filter((file) => {
    const own = join(ours, file);
    return !existsSync(own) || !readFileSync(own).equals(readFileSync(join(theirs, file)));
  });
  console.log(
    `\n${fixtures(theirs).length - others.length} files of ../shared/fixtures are those of ${ours}`,
  );
  await checkByLastLine(
    'conformance on other files of ../shared/fixtures, and published scores',
    [[...conformance, ...others.map((file) => join(theirs, file)), '--published', shared]],
    environment,
  );
}

await checkByLastLine('package', [[node, 'scripts/package.mjs']], environment);

if (failures.length > 0) console.log(`\nFailed:\n${failures.map((failure) => `  ${failure}`).join('\n')}`);
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;
