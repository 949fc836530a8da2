import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, expect, type TestContext } from 'vitest';
import { servePage } from '../../scripts/serve-page.mjs';

/** Where distributions put Chromium. */
const programs = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

const quiet = ['--no-sandbox', '--disable-background-networking', '--disable-component-update'];

/** A page, and what became of its requests. */
export interface WatchedPage {
  readonly page: Page;
  readonly address: string;
  /** Fails if the page complained, or asked another host for anything. */
  check(): void;
}

/** How a page is opened. */
export interface PageChoices {
  /** Default: as isolated from other sites. */
  readonly isolated?: boolean;
  /** WebGPU by software; default: no WebGPU. */
  readonly graphics?: boolean;
}

/** Opens pages of a folder in headless Chromium. Where it is missing, the test is skipped with a printed reason; with `CI=true` it fails. */
export function pages() {
  const closing: (() => Promise<void> | void)[] = [];
  afterAll(async () => {
    for (const close of closing.reverse()) await close();
  });
  return async (context: TestContext, folder: string, choices: PageChoices = {}): Promise<WatchedPage> => {
    const executablePath = programs.find((program) => existsSync(program));
    if (executablePath === undefined) {
      const reason = 'no Chromium; on Debian: apt-get install chromium';
      if (process.env.CI === 'true') throw new Error(`${reason}; with CI=true it has to be there`);
      console.log(`skipped: ${context.task.name}: ${reason}`);
      return context.skip(reason);
    }
    const graphics = choices.graphics
      ? ['--enable-unsafe-webgpu', '--enable-unsafe-swiftshader', '--use-webgpu-adapter=swiftshader']
      : ['--disable-gpu'];
    const browser: Browser = await chromium.launch({ executablePath, args: [...quiet, ...graphics] });
    closing.push(() => browser.close());
    const { server, address } = await servePage(folder, 0, choices.isolated ?? true);
    closing.push(() => void server.close());
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(address) && !/^(?:blob|data):/.test(url)) complaints.push(`asked for ${url}`);
    });
    await page.goto(address);
    return { page, address, check: () => expect(complaints).toEqual([]) };
  };
}

/** The project's folder. */
export const root = fileURLToPath(new URL('../../', import.meta.url));
