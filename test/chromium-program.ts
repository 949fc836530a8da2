import { existsSync } from 'node:fs';
import type { TestContext } from 'vitest';

/** Where distributions put Chromium. */
const programs = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Chromium. Where it is missing, the test is skipped with a printed reason; with `CI=true` it fails. */
export function chromiumOrSkip(test: TestContext): string {
  const found = programs.find((program) => existsSync(program));
  if (found !== undefined) return found;
  const reason = 'no Chromium; on Debian: npm run system-packages';
  if (process.env.CI === 'true') throw new Error(`${reason}; with CI=true it has to be there`);
  console.log(`skipped: ${test.task.name}: ${reason}`);
  return test.skip(reason);
}
