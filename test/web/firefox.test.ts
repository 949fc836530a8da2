import { expect, test } from 'vitest';
import { servePage } from '#src/cli/page/serve-page.js';
import { temporaryFolder } from '../weights/files.js';
import { builtPage } from './built-page.js';
import { firefoxHere, openFirefox } from './firefox.js';
import { writeNoisy } from './pictures.js';

const path = temporaryFolder();
const built = builtPage();

test('Firefox denoises a picture, isolated, and asks nobody else for anything', async (context) => {
  const program = firefoxHere();
  if (program === undefined) {
    const reason = 'no Firefox; on Debian: npm run system-packages';
    if (process.env.CI === 'true') throw new Error(`${reason}; with CI=true it has to be there`);
    console.log(`skipped: ${context.task.name}: ${reason}`);
    return context.skip(reason);
  }
  const { address, close } = await servePage({ '': built });
  try {
    await using page = await openFirefox(program, address);
    expect(await page.evaluate('globalThis.crossOriginIsolated')).toBe(true);
    await page.choose('file', await writeNoisy(path));
    await expect
      .poll(() => page.evaluate('!save.disabled || !problem.hidden'), { timeout: 600_000 })
      .toBe(true);
    expect(await page.evaluate("document.getElementById('problem-text').textContent")).toBe('');
    expect(await page.evaluate('facts.textContent')).toMatch(/^Noise of \d+\.\d in brightness/);
    expect(await page.evaluate('engine.textContent')).toMatch(
      /^Computed by WebAssembly, with (?:\d+ threads|one thread)\.$/,
    );
    const asked = await page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)");
    expect(asked).toSatisfy((names: string[]) => names.every((name) => name.startsWith(address)));
  } finally {
    await close();
  }
}, 900_000);
