// Packs the package, looks at the archive as publint and attw do, installs it into an empty folder as users do, with
// install scripts, and uses it there.
// The last line is `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack } from './pack.mjs';
import { installEnvironment, npmCommand, root } from './setup.mjs';

const node = process.execPath;
const npm = npmCommand();
let passed = 0;
let failed = 0;

/** As a user has it: this project's own settings of npm, which let no script run, are not theirs. */
const {
  npm_config_ignore_scripts: _,
  ONNXRUNTIME_NODE_INSTALL: __,
  ...usersEnvironment
} = installEnvironment;

/** The most that an installation takes here, in bytes. */
const mostInstalled = 150e6;

/** The most packages that an installation brings, with the package itself. */
const mostPackages = 35;

function run([program, ...args], cwd = root) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    env: usersEnvironment,
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
    'dist/serve/web/index.html',
    'README.md',
    'LICENSE',
    'CHANGELOG.md',
    'page/index.html.br',
    'page/service-worker.js.br',
    'page/engine/ort-wasm-simd-threaded.wasm.br',
  ];
  const welcome =
    /^(?:dist\/.+\.(?:js|js\.map|d\.ts)|dist\/serve\/web\/.+\.(?:html|css|svg)|models\/.+|page\/.+|docs\/.+|README\.md|LICENSE|CHANGELOG\.md|package\.json|scripts\/own-platform\.mjs|node_modules\/onnxruntime-(?:node|common)\/(?!script\/).+)$/;
  return [
    ...needed.filter((path) => !files.includes(path)).map((path) => `missing: ${path}`),
    ...files.filter((path) => !welcome.test(path)).map((path) => `unexpected: ${path}`),
  ].join('\n');
}

/** Packs, and says what came of it; undefined where that failed. */
async function packed(options, what) {
  try {
    const { archive, files, size } = await pack(options);
    check(what, true, '');
    console.log(`     ${files.length} files, ${(size / 1e6).toFixed(1)} MB`);
    return { archive, files };
  } catch (error) {
    check(what, false, String(error));
    return undefined;
  }
}

/** Bytes of all files in a folder. */
function sizeOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
}

/** What an installation brought: whose scripts ran, and how much lies there. */
function checkInstalled(folder) {
  const { packages } = JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8'));
  const scripted = Object.keys(packages).filter((path) => packages[path].hasInstallScript === true);
  const own = scripted.join() === 'node_modules/revela';
  check('only its own script ran, which asks nothing of any network', own, scripted.join(', '));
  const installed = sizeOf(join(folder, 'node_modules'));
  // Of what the lock file lists, npm leaves out what is for other platforms.
  const here = Object.keys(packages).filter((path) => path !== '' && existsSync(join(folder, path)));
  const size = `${(installed / 1e6).toFixed(1)} MB in ${here.length} packages`;
  check(`brings at most ${mostPackages} packages`, here.length <= mostPackages, here.join(', '));
  check(`takes less than ${mostInstalled / 1e6} MB`, installed < mostInstalled, size);
  console.log(`     ${size}`);
}

function useInEmptyFolder(archive) {
  const folder = mkdtempSync(join(tmpdir(), 'revela-package-'));
  try {
    writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
    const install = [
      ...npm,
      'install',
      '--ignore-scripts=false',
      '--no-audit',
      '--no-fund',
      '--prefer-offline',
      archive,
    ];
    if (!checkRun('installs into an empty folder', install, folder)) return;
    checkInstalled(folder);
    checkRun('`npx revela --help` works there', [...npm, 'exec', '--no', '--', 'revela', '--help'], folder);
    writeFileSync(
      join(folder, 'use.js'),
      [
        "import { denoise, trainDenoiser } from 'revela';",
        "if (typeof denoise !== 'function' || typeof trainDenoiser !== 'function') throw new Error('no functions');",
      ].join('\n'),
    );
    checkRun('`import { denoise, trainDenoiser }` works there', [node, 'use.js'], folder);
    const drawn =
      "require('sharp')({ create: { width: 64, height: 48, channels: 3, background: '#777' } }).toFile('a.png')";
    checkRun('draws a picture', [node, '--eval', drawn], folder);
    const revela = [...npm, 'exec', '--no', '--', 'revela'];
    checkRun('`npx revela denoise` works there', [...revela, 'denoise', 'a.png', '--no-adapt'], folder);
    checkRun('`npx revela web --help` works there', [...revela, 'web', '--help'], folder);
    check('the picture is there', existsSync(join(folder, 'a.denoised.png')), 'a.denoised.png is missing');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const light = await packed({ runtime: false }, 'packs, without ONNX Runtime for a quick look');
if (light !== undefined) {
  const { archive } = light;
  checkRun('publint', [node, join(root, 'node_modules/publint/src/cli.js'), 'run', archive, '--strict']);
  const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js');
  checkRun('attw', [node, attw, archive, '--profile', 'esm-only', '--no-definitely-typed', '--no-color']);
}
const whole = await packed({ runtime: true }, 'packs as it is published');
if (whole !== undefined) {
  const wrong = wrongFiles(whole.files);
  check('holds what it should and nothing else', wrong === '', wrong);
  useInEmptyFolder(whole.archive);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
