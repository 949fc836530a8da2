// `npm run pack`: makes the package as it is published, in build/package. ONNX Runtime lies in it, without its install
// script, which would fetch hundreds of megabytes of GPU libraries from another host, and fail where that cannot be
// reached. The checkout's own package.json is private, so that nothing else is published by mistake.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { compressFolder } from './compress-folder.mjs';
import { installEnvironment, npmCommand, root } from './setup.mjs';

const bundled = 'onnxruntime-node';
const common = 'onnxruntime-common';
const postinstall = 'scripts/own-platform.mjs';

const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'));
const writeJson = (path, value) => writeFileSync(path, `${JSON.stringify(value, undefined, 2)}\n`);

/**
 * Builds the page into a folder, all of it compressed, as `revela web` serves it. Its ONNX Runtime is that of onnxruntime-web, a development
 * dependency, so that who installs the package needs none; the weights are those in models/.
 */
async function stagePage(folder) {
  await build({
    configFile: join(root, 'web', 'vite.config.mjs'),
    logLevel: 'warn',
    build: { outDir: folder, emptyOutDir: true },
  });
  for (const name of readdirSync(join(folder, 'engine')))
    if (name.endsWith('.safetensors')) rmSync(join(folder, 'engine', name));
  await compressFolder(folder, { quality: 9, alone: true });
}

/** Copies what is packed into a folder, with a manifest of its own; the runtime and the page only if they are wanted. */
async function stage(folder, runtime) {
  const { private: _, scripts: __, devDependencies: ___, ...manifest } = readJson(join(root, 'package.json'));
  const files = [...manifest.files, postinstall, ...(runtime ? ['page'] : [])];
  rmSync(folder, { recursive: true, force: true });
  for (const name of [...manifest.files, postinstall])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  writeJson(join(folder, 'package.json'), {
    ...manifest,
    files,
    scripts: { postinstall: `node ${postinstall}` },
    ...(runtime && { bundleDependencies: [bundled] }),
  });
  if (!runtime) return;
  await stagePage(join(folder, 'page'));
  stageRuntime(join(folder, 'node_modules', bundled));
  // What a package in the archive needs must lie in it as well.
  cpSync(join(root, 'node_modules', common), join(folder, 'node_modules', common), { recursive: true });
}

/** ONNX Runtime as it is, but for its install script and what only that needs. */
function stageRuntime(folder) {
  const source = join(root, 'node_modules', bundled);
  cpSync(source, folder, {
    recursive: true,
    filter: (path) => path !== join(source, 'script') && path !== join(source, 'node_modules'),
  });
  const {
    scripts: _,
    devDependencies: __,
    dependencies,
    ...manifest
  } = readJson(join(source, 'package.json'));
  const { [common]: version, ...others } = dependencies;
  // Whoever updates ONNX Runtime looks at what it needs.
  const known = ['adm-zip', 'global-agent'];
  const strange = Object.keys(others).filter((name) => !known.includes(name));
  if (strange.length > 0)
    throw new Error(`${bundled} needs ${strange.join(', ')}: does only its install script?`);
  writeJson(join(folder, 'package.json'), { ...manifest, dependencies: { [common]: version } });
}

/**
 * Packs.
 *
 * @param runtime whether ONNX Runtime and the page lie in it, as in what is published: that makes it large and takes its time
 * @returns the archive's path and size in bytes, and the paths of the files in it
 */
export async function pack({ runtime }) {
  const folder = join(root, 'build', 'package', runtime ? '.' : 'without-runtime');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const staged = join(folder, 'staged');
  await stage(staged, runtime);
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
  const [{ filename, files, size }] = Object.values(JSON.parse(stdout));
  return { archive: join(folder, filename), files: files.map(({ path }) => path), size };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { archive, files, size } = await pack({ runtime: true });
  console.log(`${archive}: ${files.length} files, ${(size / 1e6).toFixed(1)} MB`);
}
