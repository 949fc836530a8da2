// What the README's two commands need before they can start: the right Node, the locked dependencies, a build,
// and what `npm run system-packages` installs for the tests. Everything here is cheap when it has been done before.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** ONNX Runtime's install script would fetch GPU libraries from elsewhere; the package already holds what is used here. */
export const installEnvironment = {
  ...process.env,
  ONNXRUNTIME_NODE_INSTALL: 'skip',
  npm_config_loglevel: 'error',
};

/** Where Debian's chromium package puts the Vulkan driver that needs no GPU. */
export const softwareVulkanDriver = '/usr/lib/chromium/vk_swiftshader_icd.json';

/** The program and first arguments that start the npm that started us, or the one on the PATH. */
export function npmCommand() {
  const npm = process.env.npm_execpath;
  return npm?.endsWith('.js') ? [process.execPath, npm] : ['npm'];
}

function run([program, ...args], options = {}) {
  return spawnSync(program, args, { cwd: root, stdio: 'inherit', ...options });
}

function stop(message) {
  console.error(message);
  process.exit(1);
}

/** Stops with one line when this Node is older than package.json's `engines` allow. */
export function requireNode() {
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const [major, minor] = manifest.engines.node.replace('>=', '').split('.').map(Number);
  const [ownMajor, ownMinor] = process.versions.node.split('.').map(Number);
  if (ownMajor < major || (ownMajor === major && ownMinor < minor)) {
    stop(
      `revela needs Node ${major}.${minor} or newer; this is ${process.version}. Install a newer Node and run this again`,
    );
  }
}

function meantForThisMachine({ os, cpu, libc }) {
  const glibc = process.report.getReport().header.glibcVersionRuntime !== undefined;
  return (
    (os === undefined || os.includes(process.platform)) &&
    (cpu === undefined || cpu.includes(process.arch)) &&
    (libc === undefined || process.platform !== 'linux' || libc.includes(glibc ? 'glibc' : 'musl'))
  );
}

/** The first locked package that is not installed as locked, or undefined when all are. */
function firstMissingDependency() {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return 'node_modules';
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(record, 'utf8')).packages;
  for (const [path, entry] of Object.entries(locked)) {
    if (path === '') continue;
    const present = installed[path];
    // npm skips optional packages for other platforms, and what only those need (which states no platform).
    const needsPlatform = entry.os !== undefined || entry.cpu !== undefined;
    if (present === undefined && entry.optional && !(needsPlatform && meantForThisMachine(entry))) continue;
    if (present?.version !== entry.version || present?.integrity !== entry.integrity) return path;
    if (!existsSync(join(root, path, 'package.json'))) return path;
  }
  return undefined;
}

/** Installs exactly what package-lock.json says, unless that is already so. */
export function ensureDependencies() {
  const missing = firstMissingDependency();
  if (missing === undefined) return;
  console.log(`Installing the dependencies (${missing} is missing or of another version): npm ci`);
  const result = run(
    [
      ...npmCommand(),
      'ci',
      '--ignore-scripts',
      '--include=dev',
      '--include=optional',
      '--no-audit',
      '--no-fund',
    ],
    {
      env: installEnvironment,
    },
  );
  if (result.error?.code === 'ENOENT')
    stop('npm was not found; install it (it comes with Node) and run this again');
  if (result.status !== 0) stop('npm ci failed (see above); check the network connection and run this again');
}

/** Compiles what changed. */
export function ensureBuild() {
  if (run([process.execPath, 'scripts/build.mjs']).status !== 0) stop('the build failed (see above)');
}

function isInstalled(debianPackage) {
  const query = spawnSync('dpkg-query', ['--status', debianPackage], { encoding: 'utf8' });
  return query.status === 0 && query.stdout.includes('\nStatus: install ok installed\n');
}

/** The Debian packages that the tests take, and what each is for; without them those tests are skipped. */
export const debianPackages = {
  chromium: 'exported models in a browser, and the Vulkan driver without a GPU that WebGPU is tested on',
  'firefox-esr': 'the page in a browser of another make',
  libvulkan1: 'the loader of that driver',
  'redis-server':
    'the queue of `revela fleet` and `revela serve --redis`, which tests start themselves on a free port',
};

/** The names of those that are not installed, by default of what tests take; undefined where there are no Debian packages at all. */
export function missingDebianPackages(names = Object.keys(debianPackages)) {
  if (spawnSync('dpkg-query', ['--version']).status !== 0) return undefined;
  return names.filter((name) => !isInstalled(name));
}

/**
 * Installs Debian packages, as root or through sudo.
 * Returns why they are still missing, as one line, or undefined when all is well.
 */
export function installDebianPackages(names) {
  const list = names.join(' ');
  const isRoot = process.getuid?.() === 0;
  if (!isRoot && spawnSync('sudo', ['--version']).status !== 0)
    return `${list}: not installed; run \`apt-get install ${list}\` as root`;
  // Without a terminal nobody can type a password, so sudo must fail at once instead of waiting.
  const asRoot = isRoot ? ['env'] : ['sudo', ...(process.stdin.isTTY ? [] : ['-n']), 'env'];
  const apt = [...asRoot, 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q'];
  const install = [...apt, 'install', '-y', '--no-install-recommends', ...names];
  // The package lists are refreshed only where the present ones do not suffice.
  if (run(install).status !== 0 && (run([...apt, 'update']).status !== 0 || run(install).status !== 0))
    return `${list}: apt-get could not install it (see above); run \`apt-get install ${list}\` as root`;
  return undefined;
}
