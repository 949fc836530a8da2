import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, expect, type TestContext } from 'vitest';
import { chromiumOrSkip } from '../chromium-program.js';

/** What `onnxruntime-web` publishes for pages. */
const ortFolder = dirname(fileURLToPath(import.meta.resolve('onnxruntime-web')));

const types: Readonly<Record<string, string>> = {
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.onnx': 'application/octet-stream',
};

/** A page that runs a model: `denoise(model, values, width, height)` gives the pixels. */
const html = `<!doctype html>
<title>An exported model</title>
<script type="module">
  import * as ort from '/ort/ort.wasm.min.mjs';
  ort.env.wasm.numThreads = 1;
  globalThis.denoise = async (model, values, width, height) => {
    const session = await ort.InferenceSession.create(model, { executionProviders: ['wasm'] });
    const noisy = new ort.Tensor('float32', Float32Array.from(values), [1, 3, height, width]);
    const { denoised } = await session.run({ noisy });
    await session.release();
    return { dims: [...denoised.dims], values: Array.from(denoised.data) };
  };
</script>`;

/** Serves the page, ONNX Runtime and the files of a folder to this machine alone. */
async function serve(folder: string): Promise<{ readonly server: Server; readonly address: string }> {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    if (path === '/') return void response.setHeader('content-type', 'text/html').end(html);
    const file = path.startsWith('/ort/') ? join(ortFolder, path.slice(5)) : join(folder, path);
    readFile(file).then(
      (bytes) => response.setHeader('content-type', types[extname(file)] ?? 'text/plain').end(bytes),
      () => response.writeHead(404).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return { server, address: `http://127.0.0.1:${address.port}/` };
}

/** What a model in a page gives for a picture. */
export interface PageResult {
  readonly dims: readonly number[];
  readonly values: Float32Array;
}

/** A page of a real browser for the tests of a file, which runs the models of a folder. */
export interface ModelPage {
  denoise(model: string, noisy: Float32Array, size: readonly [number, number]): Promise<PageResult>;
}

/**
 * Opens pages in headless Chromium. Where it is missing the test is skipped with a printed reason; with `CI=true` it
 * fails.
 */
export function modelPages(): (context: TestContext, folder: string) => Promise<ModelPage> {
  const opened: { browser?: Browser; server?: Server } = {};
  afterAll(async () => {
    await opened.browser?.close();
    opened.server?.close();
  });
  return async (context, folder) => {
    const executablePath = chromiumOrSkip(context);
    opened.browser = await chromium.launch({
      executablePath,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
      ],
    });
    const { server, address } = await serve(folder);
    opened.server = server;
    const page = await opened.browser.newPage();
    const complaints: string[] = [];
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('requestfailed', (request) => complaints.push(request.url()));
    await page.goto(address);
    await page.waitForFunction('typeof denoise === "function"');
    return { denoise: (model, noisy, size) => denoiseIn(page, complaints, model, noisy, size) };
  };
}

async function denoiseIn(
  page: Page,
  complaints: readonly string[],
  model: string,
  noisy: Float32Array,
  [width, height]: readonly [number, number],
): Promise<PageResult> {
  const call = `denoise(${JSON.stringify(`/${model}`)}, [${noisy.join()}], ${width}, ${height})`;
  const result: { dims: number[]; values: number[] } = await page.evaluate(call);
  expect(complaints).toEqual([]);
  return { dims: result.dims, values: Float32Array.from(result.values) };
}
