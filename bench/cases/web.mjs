import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spread } from '../statistics.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));
const programs = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** A page of the library in Chromium, with one thread, as the same work in Node has. */
async function openPage() {
  const { build } = await import('vite');
  const { chromium } = await import('playwright-core');
  const { servePage } = await import('../../dist/cli/page/serve-page.js');
  const folder = await mkdtemp(join(tmpdir(), 'revela-bench-web-'));
  const source = join(root, 'test', 'web', 'library-page');
  const configFile = join(root, 'web', 'vite.config.mjs');
  await build({ configFile, root: source, logLevel: 'error', build: { outDir: folder, emptyOutDir: true } });
  const { address, close } = await servePage({ '': folder });
  const executablePath = programs.find((program) => existsSync(program));
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  const page = await browser.newPage();
  await page.goto(address);
  await page.evaluate(
    `library.openRevela({ assets: 'engine/', threads: 1 }).then((opened) => { globalThis.revela = opened; })`,
  );
  return {
    evaluate: (body, given) => page.evaluate(`(${body})(${JSON.stringify(given)})`),
    async close() {
      await browser.close();
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A noisy picture that pages and Node draw alike. */
const drawn = `({ width, height }) => {
  const data = new Uint8ClampedArray(4 * width * height);
  let state = 1;
  for (let i = 0; i < data.length; i++) {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    const [x, y] = [(i >> 2) % width, Math.floor((i >> 2) / width)];
    const grain = ((state >>> 8) / 2 ** 24 - 0.5) * 30;
    data[i] = i % 4 === 3 ? 255 : 120 + 60 * Math.sin(x / 37 + (i % 4)) * Math.cos(y / 53) + grain;
  }
  return { data, width, height };
}`;

/** Raw pixels of three values, as the library takes them in Node. */
function pictureOf({ width, height }) {
  const { data } = new Function(`return ${drawn}`)()({ width, height });
  return { data: Buffer.from(data.filter((_, i) => i % 4 !== 3)), width, height, channels: 3 };
}

const row = (name, runs, others) => ({
  name,
  seconds: { ...spread(runs), runs },
  ...(others === undefined ? {} : { ratio: spread(runs.map((seconds, i) => others[i] / seconds)) }),
});

/** A photograph by the general weights, whole. */
async function denoised(page, { quick, note }) {
  const size = quick ? { width: 480, height: 320 } : { width: 1224, height: 816 };
  const { openDenoiser } = await import('../../dist/index.js');
  await using denoiser = await openDenoiser({ device: 'cpu', threads: 1 });
  const [own, node, phases] = [[], [], []];
  for (let round = -1; round < (quick ? 2 : 3); round++) {
    note(`one picture, round ${round + 1}`);
    const found = await page.evaluate(
      `async (size) => {
        const image = (${drawn})(size);
        const [times, started] = [[], performance.now()];
        await revela.denoise(image, { onTile: () => times.push(performance.now() - started) });
        return { whole: (performance.now() - started) / 1000, first: times[0] / 1000, last: times.at(-1) / 1000, tiles: times.length };
      }`,
      size,
    );
    const started = performance.now();
    await denoiser.removal(pictureOf(size));
    const seconds = (performance.now() - started) / 1000;
    if (round < 0) continue;
    own.push(found.whole);
    node.push(seconds);
    // The first tile is as long as the others.
    const network =
      found.tiles === 1 ? found.last : ((found.last - found.first) * found.tiles) / (found.tiles - 1);
    phases.push({ network: network / found.whole, after: (found.whole - found.last) / found.whole });
  }
  const percent = (of) => `${Math.round(100 * spread(phases.map(of)).median)} %`;
  return {
    title: `a page: a photograph of ${size.width} × ${size.height}, general weights, one thread`,
    ratioOf: 'page ÷ it',
    targets: [{ of: 'time', atMost: 4, against: 'Node' }],
    rows: [row('WebAssembly in Chromium', own), row('Node', node, own)],
    remark: `in the page the network takes ${percent(({ network }) => network)}, giving back what is no noise ${percent(({ after }) => after)}, measuring the rest`,
  };
}

/** Steps of SDAP, DBSNl 32 × 3, as learning from a picture does them. */
async function learnt(page, { quick, note }) {
  const size = { width: 240, height: 200 };
  const settings = { steps: 20, patch: quick ? 60 : 120, batch: 1, seed: 3 };
  const { openDenoiser } = await import('../../dist/index.js');
  const [own, node, previews, errors] = [[], [], [], []];
  /** Seconds of a step: what lies between two. */
  const stepOf = (times) => spread(times.slice(1).map((time, i) => (time - times[i]) / 1000)).median;
  for (let round = 0; round < (quick ? 1 : 3); round++) {
    note(`learning, round ${round + 1}`);
    const found = await page.evaluate(
      `async ({ size, settings }) => {
        const image = (${drawn})(size);
        const [times, losses, started] = [[], [], performance.now()];
        let preview;
        await revela.adapt([image], {
          weights: 'self-supervised', ...settings,
          onStep: ({ loss }) => { times.push(performance.now()); losses.push(loss); },
          onPreview: () => { preview ??= performance.now() - started; },
        });
        return { times, losses, preview: preview / 1000 };
      }`,
      { size, settings },
    );
    const [times, losses] = [[], []];
    await using _ = await openDenoiser({
      ...{ learnFrom: [pictureOf(size)], method: 'sdap', device: 'cpu', threads: 1, ...settings },
      onProgress(progress) {
        if (progress.kind !== 'training') return;
        times.push(performance.now());
        losses.push(progress.loss);
      },
    });
    own.push(stepOf(found.times));
    node.push(stepOf(times));
    previews.push(found.preview);
    errors.push(...losses.map((loss, i) => Math.abs(found.losses[i] / loss - 1)));
  }
  return [
    {
      title: `a page: a step of SDAP, DBSNl 32 × 3, one ${settings.patch}² patch, one thread`,
      ratioOf: 'page ÷ it',
      targets: [{ of: 'time', atMost: 3, against: 'Node' }],
      rows: [row('WebAssembly in Chromium', own), row('Node', node, own)],
      remark: `losses of ${settings.steps} steps differ by at most ${Math.max(...errors).toExponential(1)} of their size`,
    },
    {
      title: 'a page: the first preview of learning',
      targets: [{ of: 'seconds', atMost: 10 }],
      rows: [row('WebAssembly in Chromium', previews)],
    },
  ];
}

/** What takes how long in a page, beside the same in Node; both have one thread, and take turns. */
export async function pageTimes(setting) {
  if (!programs.some((program) => existsSync(program)))
    return [{ title: 'a page', rows: [], remark: 'no Chromium: not measured' }];
  const page = await openPage();
  try {
    return [await denoised(page, setting), ...(await learnt(page, setting))];
  } finally {
    await page.close();
  }
}
