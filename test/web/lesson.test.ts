import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { VERSION } from '#src/web/kept/version.js';
import { root } from './chromium.js';

test('a learning that another release kept is not gone on with: the version is hashed', async () => {
  const { version }: { version: string } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  expect(VERSION).toBe(version);
});
