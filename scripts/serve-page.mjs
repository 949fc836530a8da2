// Serves the built page to this machine, isolated from other sites, so that WebAssembly may use threads.
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { pipeline } from 'node:stream';

const types = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
};

/** The headers that isolate a page; without them it has one thread. */
const isolation = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

/** The path of an address; `undefined` where it is none. */
function pathOf(address) {
  try {
    return decodeURIComponent(new URL(address, 'http://localhost').pathname);
  } catch {
    return undefined;
  }
}

/**
 * Serves a folder on 127.0.0.1.
 *
 * @param folder the built page
 * @param port 0 for any that is free
 * @param isolated false: without the headers, as hosts do that allow none
 */
export async function servePage(folder, port = 0, isolated = true) {
  const server = createServer(async (request, response) => {
    const path = pathOf(request.url ?? '/');
    if (path === undefined) return response.writeHead(400).end();
    const file = join(folder, normalize(path === '/' ? '/index.html' : path));
    const facts = await stat(file).catch(() => undefined);
    if (!facts?.isFile()) return response.writeHead(404).end();
    response.writeHead(200, {
      ...(isolated ? isolation : {}),
      'content-type': types[extname(file)] ?? 'application/octet-stream',
      'content-length': facts.size,
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
    });
    if (request.method === 'HEAD') return response.end();
    pipeline(createReadStream(file), response, () => {}); // a file that cannot be read, a page that was left
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return { server, address: `http://127.0.0.1:${server.address().port}/` };
}
