import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { TestContext } from 'vitest';

const root = fileURLToPath(new URL('../../shared/', import.meta.url));

/**
 * A folder or file of `../shared`, the material beside the repository that a clone does not hold.
 *
 * Where it is missing the running test is skipped with a printed reason; with `CI=true` the test fails.
 *
 * @example
 * test('measures real photographs', async (context) => {
 *   const folder = sharedFolder(context, 'data', 'sidd5');
 * });
 */
export function sharedFolder(context: TestContext, ...parts: readonly string[]): string {
  const path = root + parts.join('/');
  if (existsSync(path)) return path;
  const reason = `${['..', 'shared', ...parts].join('/')} does not exist`;
  if (process.env.CI === 'true') throw new Error(`${reason}; with CI=true it has to`);
  console.log(`skipped: ${context.task.name}: ${reason}`);
  return context.skip(reason);
}
