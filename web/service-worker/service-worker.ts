// Keeps the page for when there is no network, and isolates it where its server does not. A new version waits until no
// tab shows the old one any more, or somebody asks for it: files of two versions are never mixed.

import { hashOf, type Kept, KeptFiles } from './kept-files.js';

declare const self: ServiceWorkerGlobalScope;
/** What the page needs to be there, by paths from its folder; put in when it is built. */
declare const __SHELL__: readonly string[];
declare const __BUILD__: string;

const prefix = 'revela page ';
const cacheName = `${prefix}${__BUILD__}`;
const shell = new Set(__SHELL__);
const files = new KeptFiles(self.registration.scope);

/** What isolates a page from other sites, so that WebAssembly may have threads. */
const isolation = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
};

function isolated(response: Response): Response {
  if (response.status === 0 || response.type === 'opaqueredirect') return response;
  const headers = new Headers(response.headers);
  for (const [name, value] of Object.entries(isolation)) headers.set(name, value);
  const { status, statusText } = response;
  const body = [204, 205, 304].includes(status) ? null : response.body;
  return new Response(body, { status, statusText, headers });
}

const addressOf = (path: string): string => new URL(path, self.registration.scope).href;

/** The path of an address from the page's folder; `undefined` for what is elsewhere. */
function pathOf({ url, mode }: Request): string | undefined {
  const address = new URL(url);
  const scope = new URL(self.registration.scope);
  if (address.origin !== scope.origin || !address.pathname.startsWith(scope.pathname)) return undefined;
  const path = decodeURIComponent(address.pathname.slice(scope.pathname.length));
  return mode === 'navigate' && path === '' ? 'index.html' : path;
}

async function ofShell(request: Request, path: string): Promise<Response> {
  const cache = await caches.open(cacheName);
  const kept = await cache.match(addressOf(path));
  if (kept !== undefined) return isolated(kept);
  const response = await fetch(request);
  // What cannot be kept, as storage is refused or full, is given all the same.
  if (response.status === 200) await cache.put(addressOf(path), response.clone()).catch(() => undefined);
  return isolated(response);
}

/** A file that work needs: the page has it at once, and it is kept meanwhile. */
async function ofWork(
  request: Request,
  hash: string,
  goOn: (work: Promise<unknown>) => void,
): Promise<Response> {
  const kept = await files.get(hash);
  if (kept !== undefined) return isolated(kept);
  const response = await fetch(request);
  if (response.status === 200) goOn(files.put(hash, response.clone()));
  return isolated(response);
}

self.addEventListener('install', (event) => {
  const keep = async (): Promise<void> => {
    const cache = await caches.open(cacheName);
    await cache.addAll(__SHELL__.map((path) => new Request(addressOf(path), { cache: 'no-cache' })));
  };
  event.waitUntil(keep());
});

self.addEventListener('activate', (event) => {
  const tidy = async (): Promise<void> => {
    for (const name of await caches.keys())
      if (name.startsWith(prefix) && name !== cacheName) await caches.delete(name);
    await files.tidy();
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET') return;
  const path = pathOf(request);
  if (path === undefined) return;
  const hash = hashOf(path);
  if (hash !== undefined) event.respondWith(ofWork(request, hash, (work) => event.waitUntil(work)));
  else event.respondWith(shell.has(path) ? ofShell(request, path) : fetch(request).then(isolated));
});

async function reply(asked: unknown, graphics: boolean): Promise<Kept | 'missing'> {
  if (asked === 'keep') return files.keepAll(graphics);
  return (await files.missing(graphics)).length === 0 ? 'ready' : 'missing';
}

self.addEventListener('message', (event) => {
  const { asked, graphics }: { asked?: unknown; graphics?: unknown } = event.data ?? {};
  if (asked === 'renew') {
    event.waitUntil(self.skipWaiting());
    return;
  }
  const [port] = event.ports;
  if (port !== undefined)
    event.waitUntil(reply(asked, graphics === true).then((told) => port.postMessage(told)));
});

export {};
