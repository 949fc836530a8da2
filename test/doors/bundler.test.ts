import { execFile } from 'node:child_process';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build, type UserConfig } from 'vite';
import { afterAll, expect, it } from 'vitest';
import { root } from './example-modules.js';

/** Within the package, so that what is bundled finds it by its name. */
const folder = join(root, 'build', 'bundled');
afterAll(() => rm(folder, { recursive: true, force: true }));

const program = `
import { openDenoiser } from 'revela';
import { psnr } from 'revela/quality';
const grey = { width: 64, height: 64, channels: 1, data: new Float32Array(64 * 64).fill(0.5) } as const;
await using denoiser = await openDenoiser({ adapt: false, device: 'cpu', threads: 1 });
const { width } = await denoiser.denoise({ ...grey, data: new Uint8Array(64 * 64).fill(128) });
console.log(width, psnr(grey, grey));
`;

it('a server that is bundled as docs/install.md says starts its threads and finds its weights', async () => {
  const page = await readFile(join(root, 'docs/install.md'), 'utf8');
  const [, setting = ''] = /^\| Vite, server-side rendering \| `(.*)` \|$/m.exec(page) ?? [];
  const config: UserConfig = new Function(`return { ${setting} };`)();
  expect(config).toEqual({ ssr: { external: ['revela'] } });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'server.ts'), program);
  await build({
    ...{ ...config, root: folder, configFile: false, logLevel: 'silent' },
    build: { ssr: 'server.ts', outDir: 'out', target: 'node20' },
  });
  const bundle = await readFile(join(folder, 'out', 'server.js'), 'utf8');
  expect(bundle).toMatch(/from ["']revela["']/);
  const { stdout } = await promisify(execFile)(process.execPath, [join(folder, 'out', 'server.js')]);
  expect(stdout).toBe('64 Infinity\n');
});
