// Builds the page (web/) into build/web and serves it. Usage: node scripts/web.mjs [--port N] [--build]
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'vite';
import { servePage } from './serve-page.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const { values } = parseArgs({
  options: { port: { type: 'string', default: '8080' }, build: { type: 'boolean', default: false } },
});
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65_535) {
  console.error(`web: --port must be a whole number from 0 to 65535, got ${values.port}`);
  process.exit(2);
}
const { status } = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);
await build({ configFile: join(root, 'web', 'vite.config.mjs'), logLevel: 'warn' });
if (!values.build) {
  const { address } = await servePage(join(root, 'build', 'web'), port).catch((error) => {
    console.error(
      `web: the page cannot be served on port ${port}: ${error.message}; name another with --port`,
    );
    process.exit(1);
  });
  console.log(`The page is at ${address}`);
}
