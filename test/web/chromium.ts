import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, expect, type TestContext } from 'vitest';
import { servePage } from '#src/cli/page/serve-page.js';
import { chromiumOrSkip } from '../chromium-program.js';

const withGraphics = [
  '--enable-unsafe-webgpu',
  '--enable-unsafe-swiftshader',
  '--use-webgpu-adapter=swiftshader',
];

const quiet = ['--no-sandbox', '--disable-background-networking', '--disable-component-update'];

/** Milliseconds that a page is waited for: on a machine with much to do all comes late, and the test itself ends the wait. */
const PATIENCE = 300_000;

/** A page, and what became of its requests. */
export interface WatchedPage {
  readonly page: Page;
  readonly address: string;
  /** Takes the server away, as where there is no network. */
  leaveAlone(): Promise<void>;
  /** Fails if the page complained, or asked another host for anything. */
  check(): void;
}

/** How a page is opened. */
export interface PageChoices {
  /** Default: as isolated from other sites. */
  readonly isolated?: boolean;
  /** WebGPU by software; default: no WebGPU. */
  readonly graphics?: boolean;
  /** What comes after the address: settings. */
  readonly search?: string;
  /** The address of what serves the page already; the folder is nothing then. */
  readonly served?: string;
  /** Default true: the page may have a service worker. */
  readonly serviceWorker?: boolean;
}

/** Opens pages of a folder in headless Chromium. Where it is missing, the test is skipped with a printed reason; with `CI=true` it fails. */
export function pages() {
  const browsers = new Map<boolean, Promise<Browser>>();
  afterAll(async () => {
    for (const browser of browsers.values()) await (await browser).close();
  });
  return async (test: TestContext, folder: string, choices: PageChoices = {}): Promise<WatchedPage> => {
    const executablePath = chromiumOrSkip(test);
    const { isolated = true, graphics = false } = choices;
    const launched =
      browsers.get(graphics) ??
      chromium.launch({
        ...{ executablePath, timeout: PATIENCE },
        args: [...quiet, ...(graphics ? withGraphics : ['--disable-gpu'])],
      });
    browsers.set(graphics, launched);
    const { address, close } =
      choices.served === undefined
        ? await servePage({ '': folder }, { isolated })
        : { address: choices.served, close: async () => {} };
    const context = await (await launched).newContext({
      serviceWorkers: (choices.serviceWorker ?? true) ? 'allow' : 'block',
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    context.setDefaultTimeout(PATIENCE);
    // A page that is still at work would take its time from the next test.
    test.onTestFinished(async () => {
      await context.close();
      await close();
    });
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('pageerror', ({ message }) => complaints.push(message));
    // Those of the service worker too.
    context.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(address) && !/^(?:blob|data):/.test(url)) complaints.push(`asked for ${url}`);
    });
    await page.goto(`${address}${choices.search ?? ''}`);
    return {
      page,
      address,
      leaveAlone: close,
      check: () => expect(complaints).toEqual([]),
    };
  };
}

/** The project's folder. */
export const root = fileURLToPath(new URL('../../', import.meta.url));
