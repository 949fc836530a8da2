import { execFile } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { photograph, temporaryFolder } from '../cli/command.js';
import { program } from '../program.js';

const path = temporaryFolder();

test('ONNX Runtime tells nobody of its use: it leaves no number for the machine, and no log', async () => {
  const [home, temporary] = [path('home'), path('temporary')];
  await mkdir(home);
  await mkdir(temporary);
  await photograph(48, 40).toFile(path('a.png'));
  const { ORT_DISABLE_TELEMETRY: _, XDG_CACHE_HOME: __, ...environment } = process.env;
  await promisify(execFile)(
    process.execPath,
    [program, 'denoise', path('a.png'), '--strength', '50', '--device', 'cpu'],
    { env: { ...environment, HOME: home, TMPDIR: temporary } },
  );
  expect(await readdir(home, { recursive: true })).toEqual([]);
  expect(await readdir(temporary, { recursive: true })).toEqual([]);
}, 60_000);
