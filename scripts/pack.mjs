// `npm run pack`: makes the package as it is published, in build/package. ONNX Runtime lies in it, without its install
// script, which would fetch hundreds of megabytes of GPU libraries from another host and fail without it.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { installEnvironment, npmCommand, root } from './setup.mjs';

const bundled = 'onnxruntime-node';
const postinstall = 'scripts/own-platform.mjs';

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));
const writeJson = (path, value) => writeFileSync(path, `${JSON.stringify(value, undefined, 2)}\n`);

/** Copies what is packed into a folder, with a manifest of its own. */
function stage(folder) {
  const { private: _, scripts: __, devDependencies: ___, ...manifest } = readJson(join(root, 'package.json'));
  const files = [...manifest.files, postinstall];
  rmSync(folder, { recursive: true, force: true });
  for (const name of files) cpSync(join(root, name), join(folder, name), { recursive: true });
  writeJson(join(folder, 'package.json'), {
    ...manifest,
    files,
    scripts: { postinstall: `node ${postinstall}` },
    bundleDependencies: [bundled],
  });
  stageRuntime(join(folder, 'node_modules', bundled));
}

/** ONNX Runtime as it is, but for its install script and what only that needs. */
function stageRuntime(folder) {
  const source = join(root, 'node_modules', bundled);
  cpSync(source, folder, {
    recursive: true,
    filter: (path) => path !== join(source, 'script') && path !== join(source, 'node_modules'),
  });
  const { scripts: _, devDependencies: __, dependencies, ...manifest } = readJson(join(source, 'package.json'));
  const { 'onnxruntime-common': common, ...others } = dependencies;
  // Whoever updates ONNX Runtime looks at what it needs.
  const known = ['adm-zip', 'global-agent'];
  const strange = Object.keys(others).filter((name) => !known.includes(name));
  if (strange.length > 0) throw new Error(`${bundled} needs ${strange.join(', ')}: does only its install script?`);
  writeJson(join(folder, 'package.json'), { ...manifest, dependencies: { 'onnxruntime-common': common } });
}

/**
 * Packs.
 *
 * @returns the archive's path, and the paths of the files in it
 */
export function pack() {
  const folder = join(root, 'build', 'package');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const staged = join(folder, 'staged');
  stage(staged);
  const [npm, ...first] = npmCommand();
  const args = [...first, 'pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const { status, stdout, stderr } = spawnSync(npm, args, {
    cwd: staged,
    encoding: 'utf8',
    env: installEnvironment,
    maxBuffer: 2 ** 26,
  });
  rmSync(staged, { recursive: true, force: true });
  if (status !== 0) throw new Error(`npm pack failed: ${stdout}${stderr}`);
  const [{ filename, files, size, unpackedSize }] = Object.values(JSON.parse(stdout));
  return { archive: join(folder, filename), files: files.map(({ path }) => path), size, unpackedSize };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { archive, files, size } = pack();
  console.log(`${archive}: ${files.length} files, ${(size / 1e6).toFixed(1)} MB`);
}
