// Compiles src/ to dist/ and conformance/ to build/conformance/, incrementally, and removes output whose source is gone.
import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** A leftover from a deleted source file would still be packed and imported, so it goes before compiling. */
function removeOrphans(sourceFolder, outputFolder) {
  if (!existsSync(outputFolder)) return;
  for (const entry of readdirSync(outputFolder, { recursive: true, withFileTypes: true })) {
    const output = /^(.*?)\.(?:js|d\.ts)(?:\.map)?$/.exec(entry.name);
    if (!entry.isFile() || output === null) continue;
    const source = join(sourceFolder, relative(outputFolder, entry.parentPath), `${output[1]}.ts`);
    if (!existsSync(source)) rmSync(join(entry.parentPath, entry.name));
  }
}

const projects = [
  { config: 'tsconfig.build.json', source: 'src', output: 'dist', info: 'src.tsbuildinfo' },
  { config: 'tsconfig.web.json', source: 'src', output: 'dist', info: 'web.tsbuildinfo' },
];
if (existsSync(join(root, 'conformance'))) {
  projects.push({
    config: 'tsconfig.conformance.json',
    source: 'conformance',
    output: 'build/conformance',
    info: 'conformance.tsbuildinfo',
  });
}

for (const { source, output, info } of projects) {
  removeOrphans(join(root, source), join(root, output));
  // With the output deleted by hand, the compiler's record of it would make it skip the work.
  if (!existsSync(join(root, output))) rmSync(join(root, 'build', info), { force: true });
}

/** What the page of `revela serve` has beside its modules: of its own, and the look of the other page. */
const page = [
  'src/serve/web/index.html',
  'src/serve/web/page.css',
  'web/src/style.css',
  'web/public/icon.svg',
];
const pageFolder = join(root, 'dist', 'serve', 'web');
mkdirSync(pageFolder, { recursive: true });
for (const file of page) copyFileSync(join(root, file), join(pageFolder, basename(file)));
cpSync(join(root, 'web', 'src', 'style'), join(pageFolder, 'style'), { recursive: true });

const compiler = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
if (!existsSync(compiler)) {
  console.error('build: the dependencies are not installed; run `npm ci` first');
  process.exit(1);
}
const result = spawnSync(process.execPath, [compiler, '-b', ...projects.map(({ config }) => config)], {
  cwd: root,
  stdio: 'inherit',
});
process.exit(result.status ?? 1);
