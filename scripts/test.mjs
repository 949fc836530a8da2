// `npm test`: installs the locked dependencies if they are missing, then checks everything. It needs no root: what takes
// the Debian packages of `npm run system-packages` is skipped without them, and fails with CI=true. The last line is
// `N passed, N failed`, and the exit code is 1 when a check failed. A step without numbers of its own counts as one check.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative } from 'node:path';
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

const seconds = () => Math.round(performance.now() / 1000);

/** Begins a step, and says how long after the first one. */
function heading(title) {
  console.log(`\n== ${title} (at ${seconds()} s)`);
}

function count(title, passed, failed, note = '') {
  total.passed += passed;
  total.failed += failed;
  if (failed > 0) failures.push(`${title}${note && `: ${note}`}`);
}

/** The groups of processes that run: a program and all that it started. */
const groups = new Set();

/** Sends a signal to what is left of a group. */
function tell(group, signal) {
  try {
    process.kill(-group, signal);
  } catch {
    // Nothing is left.
  }
}

/** Ends what is left of a group. */
function end(group) {
  groups.delete(group);
  tell(group, 'SIGKILL');
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => {
    for (const group of groups) tell(group, 'SIGTERM');
    setTimeout(() => {
      groups.forEach(end);
      process.exit(1);
    }, 2000);
  });

/**
 * Runs a program, and returns its exit code and standard output, and all that it printed: at once, or only so. What it started and has
 * not ended itself ends with it.
 */
function show([program, ...args], environment, quietly = false) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      env: environment,
      stdio: ['ignore', 'pipe', quietly ? 'pipe' : 'inherit'],
      detached: true,
    });
    groups.add(child.pid);
    let [output, printed] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text) => {
      output += text;
      printed += text;
      if (!quietly) process.stdout.write(text);
    });
    child.stderr?.setEncoding('utf8').on('data', (text) => {
      printed += text;
    });
    child.on('error', (error) => resolve({ code: 1, output: `${program}: ${error.message}`, printed }));
    child.on('exit', () => end(child.pid));
    child.on('close', (code, signal) => resolve({ code: signal === null ? code : 1, output, printed }));
  });
}

/** A step that is one check: it passes when the program exits with 0. */
function byExitCode(title, { code }) {
  count(title, code === 0 ? 1 : 0, code === 0 ? 0 : 1);
}

/** A step whose own last line is `N passed, N failed`. */
function byLastLine(title, { code, output }) {
  const numbers = /(?:^|\n)(\d+) passed, (\d+) failed\s*$/.exec(output);
  if (numbers === null) return count(title, 0, 1, 'it ended without its numbers');
  const [passed, failed] = [Number(numbers[1]), Number(numbers[2])];
  if (passed + failed === 0) return count(title, 0, 1, 'it checked nothing');
  // An exit code that its numbers do not explain is a failure of its own.
  count(title, passed, failed === 0 && code !== 0 ? 1 : failed, code === 0 ? '' : `exit code ${code}`);
}

/** Steps side by side, as many as there are cores, the first ones first; what each prints comes when it ends. */
async function sideBySide(steps, environment, counted) {
  const waiting = [...steps];
  const lane = async () => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift()) {
      const [title, command] = step;
      const begun = seconds();
      const result = await show(command, environment, true);
      console.log(`\n== ${title} (at ${begun} to ${seconds()} s)\n${result.printed.trimEnd()}`);
      counted(title, result);
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
}

async function runVitest(title, environment) {
  heading(title);
  const record = join('build', 'vitest.json');
  rmSync(record, { force: true });
  const reporters = [
    ...['--reporter=default', '--reporter=json', `--outputFile.json=${record}`],
    `--reporter=${join(root, 'scripts', 'endless-files.mjs')}`,
  ];
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
  const names = report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName }) => `\n    ${relative(root, name)}: ${fullName}`),
  );
  const files = broken.map(({ name }) => `\n    ${relative(root, name)}: the file itself`);
  count(
    title,
    report.numPassedTests,
    failed === 0 && code !== 0 ? 1 : failed,
    code === 0 ? '' : `exit code ${code}${[...names, ...files].join('')}`,
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

// Before the types: tests import the package by its own name, as users do, and see the declarations that are built.
heading('build');
byExitCode('build', await show([node, 'scripts/build.mjs'], environment));
const types = (project) => [...tool('typescript/bin/tsc'), '--noEmit', '-p', project];
const looks = [
  ['types', types('tsconfig.json')],
  ['lint', [...biome, 'lint', '--error-on-warnings', '.']],
  ['types of what runs anywhere', types('tsconfig.anywhere.json')],
  ['types of the page', types('web/tsconfig.json')],
  ['types of tests of the page', types('test/web/tsconfig.json')],
  ['rooms', [node, 'scripts/rooms.mjs']],
  ['format', [...biome, 'format', '.']],
];
await sideBySide(looks, environment, byExitCode);
await runVitest('tests', environment);

const conformance = [node, 'scripts/launch.mjs', 'build/conformance/main.js'];
// A full-size network takes minutes on a Vulkan driver without a GPU: VGG16 and AlexNet are such, and R3 is a network eight times over.
// What they compute with is in the others; a GPU does all of them: `npm run conformance -- test/fixtures --device webgpu`.
const large = /(?:_full|dists|lpips_vgg|lpips_alex|r3_refinement)\.safetensors$/;
const fixtures = (folder) =>
  readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('.safetensors'));
const [ours, theirs] = ['test/fixtures', join(shared, 'fixtures')];
// The driver takes one core, mostly to compile: parts of it lie beside the package, which takes longest, and so goes first.
const small = fixtures(ours).filter((file) => !large.test(file));
const part = (remainder) => small.filter((_, i) => i % 3 === remainder).map((file) => join(ours, file));
const onWebgpu = [0, 1, 2].map((remainder) => [
  'conformance on WebGPU, one of three parts',
  [...conformance, ...part(remainder), '--device', 'webgpu'],
]);
const checks = [
  ['package', [node, 'scripts/package.mjs']],
  ...(vulkan ? onWebgpu : []),
  ['conformance', [...conformance, ours]],
];
if (existsSync(theirs)) {
  // Most of them are ours, byte by byte, and have been checked.
  const others = fixtures(theirs).filter((file) => {
    const own = join(ours, file);
    return !existsSync(own) || !readFileSync(own).equals(readFileSync(join(theirs, file)));
  });
  console.log(
    `\n${fixtures(theirs).length - others.length} files of ../shared/fixtures are those of ${ours}`,
  );
  checks.push([
    'conformance on other files of ../shared/fixtures, and published scores',
    [...conformance, ...others.map((file) => join(theirs, file)), '--published', shared],
  ]);
}
await sideBySide(checks, environment, byLastLine);

if (failures.length > 0) console.log(`\nFailed:\n${failures.map((failure) => `  ${failure}`).join('\n')}`);
console.log(`\n${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed > 0 ? 1 : 0;
