// Runs a built program from a checkout: node scripts/launch.mjs PROGRAM ARGS...
// It is loaded into this process, because starting a second Node would double the time to the first output.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [, , program, ...args] = process.argv;
const path = join(root, program);

if (!existsSync(path)) {
  console.error(
    `${program} is not built yet; run \`npm ci && npm run build\` first (\`npm run demo\` does both)`,
  );
  process.exit(1);
}

// npm moves to the package's folder; paths that the user typed are relative to where they typed them.
const { INIT_CWD: typedIn, npm_lifecycle_script: npmScript } = process.env;
if (typedIn && npmScript?.includes(`launch.mjs ${program}`)) process.chdir(typedIn);
process.argv = [process.argv[0], path, ...args];
await import(pathToFileURL(path).href);
