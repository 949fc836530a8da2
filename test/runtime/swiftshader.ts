import { existsSync } from 'node:fs';
import type { TestContext } from 'vitest';

/** Where Chromium's packages put the Vulkan driver that needs no graphics card. */
const drivers = [
  '/usr/lib/chromium',
  '/usr/lib64/chromium-browser',
  '/opt/google/chrome',
  '/usr/lib/chromium-browser',
].map((folder) => `${folder}/vk_swiftshader_icd.json`);

/**
 * Makes WebGPU available to this process through SwiftShader. Where the driver is missing the test is skipped with a
 * printed reason; with `CI=true` it fails.
 */
export function useSwiftShader(context: TestContext): void {
  const driver = process.env.VK_DRIVER_FILES ?? drivers.find((file) => existsSync(file));
  if (driver !== undefined) {
    process.env.VK_DRIVER_FILES = driver;
    return;
  }
  const reason = 'no SwiftShader Vulkan driver; on Debian: npm run system-packages';
  if (process.env.CI === 'true') throw new Error(`${reason}; with CI=true it has to be there`);
  console.log(`skipped: ${context.task.name}: ${reason}`);
  context.skip(reason);
}
