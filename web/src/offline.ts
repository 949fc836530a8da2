import { say } from './language/index.js';
import { note } from './log.js';
import { parts } from './parts.js';

type Line = 'hidden' | 'ready' | 'make' | 'making' | 'failed' | 'full';

let line: Line = 'hidden';

/** Says whether the page works without a network. */
export function tellOffline(told: Line = line): void {
  line = told;
  const { offlineReady, offlineMake, offlineMaking, offlineFailed, offlineFull } = say();
  const words = {
    hidden: '',
    ready: offlineReady,
    make: offlineMake,
    making: offlineMaking,
    failed: offlineFailed,
    full: offlineFull,
  };
  parts.offline.hidden = line === 'hidden';
  parts.offline.textContent = words[line];
  parts.offline.disabled = line === 'ready' || line === 'making';
}

/** Asks the service worker; `undefined` where there is none. */
async function ask(asked: 'keep' | 'kept', graphics: boolean): Promise<unknown> {
  const worker = (await navigator.serviceWorker.ready).active;
  if (worker === null) return undefined;
  const { port1, port2 } = new MessageChannel();
  const told = new Promise<unknown>((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
  });
  worker.postMessage({ asked, graphics }, [port2]);
  return told;
}

/** Whether the browser gives a graphics card: many that know WebGPU have none to give. */
export async function hasGraphics(): Promise<boolean> {
  const graphics: unknown = Reflect.get(navigator, 'gpu');
  if (typeof graphics !== 'object' || graphics === null || !('requestAdapter' in graphics)) return false;
  const { requestAdapter } = graphics;
  if (typeof requestAdapter !== 'function') return false;
  const adapter: unknown = await requestAdapter.call(graphics).catch(() => null);
  return adapter !== null;
}

/** Keeps all that work needs for when there is no network: after the first result, or when somebody asks for it. */
export async function keepForOffline(graphics: boolean): Promise<void> {
  if (!('serviceWorker' in navigator) || line === 'ready' || line === 'making' || line === 'hidden') return;
  tellOffline('making');
  const told = await ask('keep', graphics).catch(() => 'failed');
  note(`offline: ${String(told)}`);
  tellOffline(told === 'ready' || told === 'full' ? told : 'failed');
}

/** A page that its server does not isolate is loaded once more by the service worker, which does, before anything is in it. */
function isolate(untouched: () => boolean): void {
  if (globalThis.crossOriginIsolated || !untouched()) return;
  const before = 'revela isolating';
  try {
    if (sessionStorage.getItem(before) !== null) return;
    sessionStorage.setItem(before, 'yes');
  } catch {
    return; // storage is refused
  }
  location.reload();
}

function tellOfUpdates(registration: ServiceWorkerRegistration): void {
  const tell = (worker: ServiceWorker | null): void => {
    if (worker === null || navigator.serviceWorker.controller === null) return;
    const told = (): void => {
      parts.update.hidden = worker.state !== 'installed';
    };
    told();
    worker.addEventListener('statechange', told);
    parts.update.onclick = () => {
      navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
      worker.postMessage({ asked: 'renew' });
    };
  };
  tell(registration.waiting);
  registration.addEventListener('updatefound', () => tell(registration.installing));
}

/**
 * Starts the service worker, where the browser has one for this page.
 *
 * @param untouched whether nobody has opened a picture yet
 */
export async function openOffline(untouched: () => boolean): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  try {
    const registration = await navigator.serviceWorker.register('service-worker.js');
    tellOfUpdates(registration);
    const told = await ask('kept', false);
    if (navigator.serviceWorker.controller !== null) isolate(untouched);
    else
      navigator.serviceWorker.addEventListener('controllerchange', () => isolate(untouched), { once: true });
    tellOffline(told === 'ready' ? 'ready' : 'make');
  } catch (error) {
    note(`offline: ${error instanceof Error ? error.message : String(error)}`);
  }
}
