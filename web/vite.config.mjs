import { copyFile, mkdir } from 'node:fs/promises';
import { dirname, join, resolve as resolvePath } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defaultClientConditions, defineConfig } from 'vite';

const root = fileURLToPath(new URL('../', import.meta.url));
const page = join(root, 'build', 'web');
const ort = dirname(fileURLToPath(import.meta.resolve('onnxruntime-web')));

/** What the page fetches when it is needed: ONNX Runtime, for WebAssembly and for WebGPU, and the weights. */
const engineFiles = [
  ...['ort-wasm-simd-threaded', 'ort-wasm-simd-threaded.asyncify'].flatMap((name) =>
    ['mjs', 'wasm'].map((end) => join(ort, `${name}.${end}`)),
  ),
  ...['general-resunet-32x1', 'sdap-dbsnl-32x3', 'photo-span-48-x4', 'faithful-span-48-x4'].map((name) =>
    join(root, 'models', `${name}.safetensors`),
  ),
];

let outDir = page;
const copyEngine = {
  name: 'copy the engine',
  configResolved({ root, build }) {
    outDir = resolvePath(root, build.outDir);
  },
  async closeBundle() {
    const folder = join(outDir, 'engine');
    await mkdir(folder, { recursive: true });
    for (const file of engineFiles) await copyFile(file, join(folder, file.slice(dirname(file).length + 1)));
  },
};

// ONNX Runtime finds its files where the page says: the copies that its build would add are left out.
const resolve = {
  conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions],
  alias: { 'revela/web': join(root, 'dist', 'web', 'index.js') },
};

export default defineConfig({
  root: fileURLToPath(new URL('./', import.meta.url)),
  base: './',
  resolve,
  worker: { format: 'es' },
  build: { outDir: page, emptyOutDir: true, target: 'es2022', modulePreload: false },
  plugins: [copyEngine],
});
