// Builds the page (web/) into build/web and serves it. Usage: node scripts/web.mjs [--port N] [--build]
// With --build it is compressed as well, for servers that send what is compressed.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'vite';
import { compressFolder } from './compress-folder.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const { values } = parseArgs({
  options: { port: { type: 'string', default: '8080' }, build: { type: 'boolean', default: false } },
});
const { status } = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs')], { stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);
await build({ configFile: join(root, 'web', 'vite.config.mjs'), logLevel: 'warn' });
if (values.build) {
  await compressFolder(join(root, 'build', 'web'), { quality: 9, gzip: true });
} else {
  const command = [join(root, 'scripts', 'launch.mjs'), 'dist/cli/main.js', 'web', '--port', values.port];
  process.exit(spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' }).status ?? 1);
}
