// `npm run node-lines [-- LINE...]`: uses the packed package as its users do, under several lines of Node: 22, 24 and the
// newest, or those that are named. npm carries the binaries of Node; they are kept in build/node, which Git ignores.
// The last line is `N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack } from './pack.mjs';
import { installEnvironment, npmCommand, root } from './setup.mjs';

const { npm_config_ignore_scripts: _, ...environment } = installEnvironment;
const lines = process.argv.length > 2 ? process.argv.slice(2) : ['22', '24', 'latest'];
const binaries = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
let passed = 0;
let failed = 0;

function run([program, ...args], cwd) {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    env: environment,
  });
  return {
    ok: status === 0,
    stdout: stdout ?? '',
    output: `${stdout ?? ''}${stderr ?? ''}${error ?? ''}`.trim(),
  };
}

function check(what, { ok, output }) {
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${what}${ok ? '' : `\n${output}`}`);
  if (ok) passed += 1;
  else failed += 1;
  return ok;
}

/** Installs a package into a folder of its own. */
function install(what, folder, ...options) {
  const [program, ...first] = npmCommand();
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  return run(
    [program, ...first, 'install', '--no-audit', '--no-fund', '--prefer-offline', ...options, what],
    folder,
  );
}

/** The program of a line of Node; undefined, and told, where it cannot be had. */
function nodeOf(line) {
  const folder = join(root, 'build', 'node', line);
  const installed = install(`${binaries}@${line}`, folder);
  const program = join(
    folder,
    'node_modules',
    binaries,
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  const there = installed.ok && existsSync(program);
  if (!there) check(`Node ${line} comes as ${binaries}`, { ok: false, output: installed.output });
  return there ? program : undefined;
}

const draw = `
const sharp = require('sharp');
sharp({ create: { width: 96, height: 64, channels: 3, noise: { type: 'gaussian', mean: 128, sigma: 30 }, background: '#777' } }).png().toFile('a.png');
`;
const doors = [
  [
    "`import … from 'revela'`",
    'esm.mjs',
    "import { denoise, upscale } from 'revela';\nif (typeof denoise !== 'function' || typeof upscale !== 'function') throw new Error('no functions');\n",
  ],
  [
    "`require('revela')`",
    'common.cjs',
    "const { denoise, upscale } = require('revela');\nif (typeof denoise !== 'function' || typeof upscale !== 'function') throw new Error('no functions');\n",
  ],
  [
    '`await denoise(…)`',
    'denoise.mjs',
    "import { denoise } from 'revela';\nconst { width } = await denoise('a.png');\nif (width !== 96) throw new Error(String(width));\n",
  ],
];
const commands = [
  ['--help'],
  ['denoise', 'a.png', '--no-adapt', '--output', 'denoised.png', '--overwrite'],
  ['upscale', 'a.png', '--output', 'upscaled.png', '--overwrite'],
  ['score', 'a.png'],
];

/** Everything that a user does first, under one Node. */
function use(node, folder) {
  const version = run([node, '--version'], folder).stdout.trim();
  for (const [what, file, text] of doors) {
    writeFileSync(join(folder, file), text);
    check(`${version}: ${what}`, run([node, file], folder));
  }
  const program = join(folder, 'node_modules', 'revela', 'dist', 'cli', 'main.js');
  for (const args of commands)
    check(`${version}: revela ${args.join(' ')}`, run([node, program, ...args], folder));
}

const folder = mkdtempSync(join(tmpdir(), 'revela-node-'));
try {
  const { archive } = await pack({ runtime: true });
  if (check('the packed package installs', install(archive, folder, '--ignore-scripts=false'))) {
    writeFileSync(join(folder, 'draw.cjs'), draw);
    check('draws a picture', run([process.execPath, 'draw.cjs'], folder));
    for (const line of lines) {
      const node = nodeOf(line);
      if (node !== undefined) use(node, folder);
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
