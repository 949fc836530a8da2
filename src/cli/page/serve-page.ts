import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { pipeline } from 'node:stream';
import { createBrotliDecompress } from 'node:zlib';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
};

/** The headers that isolate a page; without them it has one thread. */
const isolation = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
};

/** A file that is served, as it is or compressed by brotli, or both. */
interface Served {
  readonly plain?: string;
  readonly brotli?: string;
}

/** How a page is served. */
export interface ServeOptions {
  /** 0 for any that is free; default: that. */
  readonly port?: number;
  /** Default: this machine alone. */
  readonly host?: string;
  /** Default true; false: without the headers that isolate, as hosts do that allow none. */
  readonly isolated?: boolean;
}

/** A page that is served. */
export interface ServedPage {
  readonly address: string;
  close(): Promise<void>;
}

/** The files of folders by their paths in the address: of two with the same path, that of the first folder. */
async function filesOf(folders: Readonly<Record<string, string>>): Promise<ReadonlyMap<string, Served>> {
  const files = new Map<string, Served>();
  for (const [prefix, folder] of Object.entries(folders))
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = join(entry.parentPath, entry.name);
      const path = `${prefix}${relative(folder, file).split(sep).join('/')}`;
      const packed = path.endsWith('.br');
      const name = packed ? path.slice(0, -3) : path;
      files.set(name, { ...(packed ? { brotli: file } : { plain: file }), ...files.get(name) });
    }
  return files;
}

/** The path of an address without its slash; `undefined` where it is none. */
function pathOf(address: string): string | undefined {
  try {
    const path = decodeURIComponent(address.replace(/[?#].*$/s, '')).slice(1);
    return path === '' ? 'index.html' : path;
  } catch {
    return undefined;
  }
}

async function answer(
  { method, url = '/', headers }: IncomingMessage,
  response: ServerResponse,
  files: ReadonlyMap<string, Served>,
  isolated: boolean,
): Promise<void> {
  const path = pathOf(url);
  if (path === undefined) return void response.writeHead(400).end();
  const { plain, brotli } = files.get(path) ?? {};
  const takesBrotli = /\bbr\b/.test(String(headers['accept-encoding'] ?? ''));
  const packed = brotli !== undefined && (takesBrotli || plain === undefined);
  const file = packed ? brotli : plain;
  const facts = file === undefined ? undefined : await stat(file).catch(() => undefined);
  if (file === undefined || !facts?.isFile()) return void response.writeHead(404).end();
  if (method !== 'GET' && method !== 'HEAD')
    return void response.writeHead(405, { allow: 'GET, HEAD' }).end();
  const unpacks = packed && !takesBrotli;
  response.writeHead(200, {
    ...(isolated ? isolation : {}),
    'content-type': types[extname(path)] ?? 'application/octet-stream',
    ...(packed && !unpacks ? { 'content-encoding': 'br' } : {}),
    ...(unpacks ? {} : { 'content-length': facts.size }),
    vary: 'accept-encoding',
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
  });
  if (method === 'HEAD') return void response.end();
  const done = (): void => {}; // a file that cannot be read, a page that was left
  if (unpacks) pipeline(createReadStream(file), createBrotliDecompress(), response, done);
  else pipeline(createReadStream(file), response, done);
}

/**
 * Serves the files that are in folders now, and nothing else.
 *
 * @param folders what the paths begin with, and the folder: `{ '': 'build/web' }`
 * @throws the system's error where the port cannot be had or a folder cannot be read
 */
export async function servePage(
  folders: Readonly<Record<string, string>>,
  { port = 0, host = '127.0.0.1', isolated = true }: ServeOptions = {},
): Promise<ServedPage> {
  const files = await filesOf(folders);
  const server = createServer((request, response) => void answer(request, response, files, isolated));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const bound = server.address();
  const at = typeof bound === 'object' && bound !== null ? bound.port : port;
  return {
    address: `http://${host.includes(':') ? `[${host}]` : host}:${at}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
