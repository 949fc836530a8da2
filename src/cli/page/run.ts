import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { RevelaError } from '../../errors.js';
import { fileErrorCode } from '../../file-errors.js';
import type { Context } from '../context.js';
import { settled } from '../../options/index.js';
import { pageOptions, type WebFlags } from './command.js';
import { servePage } from './serve-page.js';

const folder = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

/** Where the page is: in the package, compressed, with the weights beside it; or in a checkout that has built it. */
function pageFolders(): Readonly<Record<string, string>> {
  if (existsSync(folder('page/'))) return { '': folder('page/'), 'engine/': folder('models/') };
  if (existsSync(folder('build/web/index.html'))) return { '': folder('build/web/') };
  throw new RevelaError('the page is not built; in a checkout run `npm run web` instead');
}

const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'the port is taken; name another with --port',
  EACCES: 'the port is not allowed; name one from 1024 on with --port',
  EADDRNOTAVAIL: 'this machine has no such address; leave --host out',
  ENOTFOUND: 'no such address is known; leave --host out',
};

/** Does what `revela web` promises: serves until it is stopped. */
export async function runWeb(flags: WebFlags, context: Context): Promise<void> {
  const { port, host } = settled(pageOptions, flags);
  const { signal } = context.listenForStop();
  const served = await servePage(pageFolders(), { port, host }).catch((error: unknown) => {
    const reason = reasons[fileErrorCode(error) ?? ''];
    throw reason === undefined
      ? error
      : new RevelaError(`the page cannot be served at ${host}:${port}: ${reason}`);
  });
  context.stdout.write(`The page is at ${served.address}\n`);
  if (context.quiet !== true) context.stderr.write('Ctrl-C ends it.\n');
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  await served.close();
}
