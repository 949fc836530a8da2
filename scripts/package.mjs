// Packs the package, looks at the archive as publint and attw do, installs it into an empty folder and uses it there.
// The last line is `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installEnvironment, npmCommand, root } from './setup.mjs';

const node = process.execPath;
const npm = npmCommand();
let passed = 0;
let failed = 0;

function run([program, ...args], cwd = root) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    env: installEnvironment,
    maxBuffer: 2 ** 26,
  });
  return {
    ok: status === 0,
    stdout: stdout ?? '',
    output: `${stdout ?? ''}${stderr ?? ''}${error ?? ''}`.trim(),
  };
}

/** Prints whether a check passed, with what was said where it did not. Returns whether it passed. */
function check(what, ok, output) {
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${what}${ok ? '' : `\n${output}`}`);
  if (ok) passed += 1;
  else failed += 1;
  return ok;
}

function checkRun(what, command, cwd) {
  const { ok, output } = run(command, cwd);
  return check(what, ok, output);
}

/** Files that the package needs and does not hold, or holds and should not, one a line. */
function wrongFiles(files) {
  const needed = [
    'dist/cli/main.js',
    'dist/index.js',
    'dist/index.d.ts',
    'README.md',
    'LICENSE',
    'CHANGELOG.md',
  ];
  const welcome =
    /^(?:dist\/.+\.(?:js|d\.ts)|models\/.+|docs\/.+|README\.md|LICENSE|CHANGELOG\.md|package\.json)$/;
  return [
    ...needed.filter((path) => !files.includes(path)).map((path) => `missing: ${path}`),
    ...files.filter((path) => !welcome.test(path)).map((path) => `unexpected: ${path}`),
  ].join('\n');
}

/** The archive's path and the files in it, or undefined where npm could not pack. */
function pack() {
  const folder = join(root, 'build', 'package');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const { ok, stdout, output } = run([
    ...npm,
    'pack',
    '--ignore-scripts',
    '--json',
    '--pack-destination',
    folder,
  ]);
  if (!check('npm pack', ok, output)) return undefined;
  const [{ filename, files, size }] = Object.values(JSON.parse(stdout));
  console.log(`     ${filename}: ${files.length} files, ${(size / 1024).toFixed(0)} KiB`);
  return { archive: join(folder, filename), files: files.map(({ path }) => path) };
}

function useInEmptyFolder(archive) {
  const folder = mkdtempSync(join(tmpdir(), 'revela-package-'));
  try {
    writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
    const install = [
      ...npm,
      'install',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--prefer-offline',
      archive,
    ];
    if (!checkRun('installs into an empty folder', install, folder)) return;
    checkRun('`npx revela --help` works there', [...npm, 'exec', '--no', '--', 'revela', '--help'], folder);
    writeFileSync(
      join(folder, 'use.js'),
      [
        "import { denoise, trainDenoiser } from 'revela';",
        "if (typeof denoise !== 'function' || typeof trainDenoiser !== 'function') throw new Error('no functions');",
      ].join('\n'),
    );
    checkRun('`import { denoise, trainDenoiser }` works there', [node, 'use.js'], folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const packed = pack();
if (packed !== undefined) {
  const { archive, files } = packed;
  const wrong = wrongFiles(files);
  check('holds what it should and nothing else', wrong === '', wrong);
  checkRun('publint', [node, join(root, 'node_modules/publint/src/cli.js'), 'run', archive, '--strict']);
  const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
  checkRun('attw', [node, attw, archive, '--profile', 'esm-only', '--no-definitely-typed', '--no-color']);
  useInEmptyFolder(archive);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
