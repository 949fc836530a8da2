import { createHash } from 'node:crypto';
import { copyFile, mkdir, readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve as resolvePath } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { build, defaultClientConditions, defineConfig } from 'vite';

const root = fileURLToPath(new URL('../', import.meta.url));
const here = fileURLToPath(new URL('./', import.meta.url));
const page = join(root, 'build', 'web');
const ort = dirname(fileURLToPath(import.meta.resolve('onnxruntime-web')));

/** What the page fetches when it is needed: ONNX Runtime, for WebAssembly and for WebGPU, and the weights. */
const engineFiles = [
  ...['ort-wasm-simd-threaded', 'ort-wasm-simd-threaded.asyncify'].flatMap((name) =>
    ['mjs', 'wasm'].map((end) => join(ort, `${name}.${end}`)),
  ),
  ...[
    'general-resunet-32x1',
    'sdap-dbsnl-32x3',
    'photo-span-48-x4',
    'faithful-span-48-x4',
    'graded-scorer-32',
    'niqe-photos',
  ].map((name) => join(root, 'models', `${name}.safetensors`)),
];

const json = async (path) => JSON.parse(await readFile(path, 'utf8'));
const { version } = await json(join(root, 'package.json'));
const { version: runtime } = await json(join(ort, '..', 'package.json'));

async function copyEngine(outDir) {
  const folder = join(outDir, 'engine');
  await mkdir(folder, { recursive: true });
  for (const file of engineFiles) await copyFile(file, join(folder, basename(file)));
}

/** Draws the icons that are no vectors. */
async function drawIcons(outDir) {
  const drawn = await readFile(join(here, 'public', 'icon.svg'));
  for (const size of [180, 192, 512])
    await sharp(drawn, { density: 72 * (size / 64) })
      .resize(size)
      .png()
      .toFile(join(outDir, `icon-${size}.png`));
}

/** Builds the service worker once all else is there: it knows every file, and a change of any makes it another. */
async function buildServiceWorker(outDir) {
  const paths = (await readdir(outDir, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => relative(outDir, join(parentPath, name)).replaceAll('\\', '/'))
    .sort();
  const all = createHash('sha256');
  const hashes = {};
  for (const path of paths) {
    hashes[path] = createHash('sha256')
      .update(await readFile(join(outDir, path)))
      .digest('hex');
    all.update(path).update(hashes[path]);
  }
  // What the page has before a picture is in it, and what it fetches when work needs it.
  const isLater = (path) => path.includes('/') && !path.startsWith('assets/index-');
  await build({
    configFile: false,
    logLevel: 'warn',
    define: {
      __SHELL__: JSON.stringify(paths.filter((path) => !isLater(path))),
      __LATER__: JSON.stringify(
        Object.fromEntries(paths.filter(isLater).map((path) => [path, hashes[path]])),
      ),
      __BUILD__: JSON.stringify(all.digest('hex').slice(0, 16)),
    },
    build: {
      outDir,
      emptyOutDir: false,
      copyPublicDir: false,
      target: 'es2022',
      lib: {
        entry: join(here, 'service-worker', 'service-worker.ts'),
        formats: ['es'],
        fileName: () => 'service-worker.js',
      },
    },
  });
}

/** What opens the files that browsers do not, which few people need, has a folder of its own. */
const isOfDecoder = (files) =>
  files.some((file) =>
    /(?:web\/decoders|geotiff|libheif-js|@jsquash|pako|lerc|zstddec|xml-utils)\//.test(file),
  );
const output = {
  chunkFileNames: ({ moduleIds }) => `${isOfDecoder(moduleIds) ? 'decoders' : 'assets'}/[name]-[hash].js`,
  assetFileNames: ({ originalFileNames }) =>
    `${isOfDecoder(originalFileNames) ? 'decoders' : 'assets'}/[name]-[hash][extname]`,
};

let outDir = page;
const finish = {
  name: 'what lies beside the page',
  configResolved({ root, build }) {
    outDir = resolvePath(root, build.outDir);
  },
  async closeBundle() {
    await copyEngine(outDir);
    await drawIcons(outDir);
    await buildServiceWorker(outDir);
  },
};

// ONNX Runtime finds its files where the page says: the copies that its build would add are left out.
const resolve = {
  conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions],
  alias: { 'revela/web': join(root, 'dist', 'web', 'index.js') },
};

export default defineConfig({
  root: here,
  base: './',
  resolve,
  define: { __REVELA__: JSON.stringify(version), __RUNTIME__: JSON.stringify(runtime) },
  worker: { format: 'es', rolldownOptions: { output } },
  build: {
    outDir: page,
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    rolldownOptions: { output },
  },
  plugins: [finish],
});
