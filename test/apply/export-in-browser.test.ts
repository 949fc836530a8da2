import { expect, test } from 'vitest';
import { exportDenoiser, loadDenoiserWeights, shippedDenoiserPath } from '#src/api/index.js';
import { cpuRuntime } from '../compile/running.js';
import { temporaryFolder } from '../weights/files.js';
import { modelPages } from './browser.js';
import { largestDifference, liveliness } from '../models/denoisers.js';
import { libraryResult, pictureSizes } from './exported.js';

const cpu = cpuRuntime();
const path = temporaryFolder();
const openPage = modelPages();

test('a page in a browser denoises as the library does', async (context) => {
  await exportDenoiser(shippedDenoiserPath(), path('denoiser.onnx'));
  const page = await openPage(context, path());
  const weights = await loadDenoiserWeights(shippedDenoiserPath());
  for (const [width, height] of pictureSizes) {
    const { noisy, denoised } = await libraryResult(cpu(), weights, [width, height]);
    const { dims, values } = await page.denoise('denoiser.onnx', noisy, [width, height]);
    expect(dims).toEqual([1, 3, height, width]);
    expect(largestDifference(values, denoised)).toBeLessThanOrEqual(1e-5);
    if (width > 50) expect(liveliness(values).deviation).toBeGreaterThan(0.05);
  }
});
