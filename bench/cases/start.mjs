import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median } from '../statistics.mjs';

const command = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'dist', 'cli', 'main.js');
const TARGET_SECONDS = 0.3;

function secondsToHelp(args) {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} failed: ${stderr.trim()}`);
  return (performance.now() - start) / 1000;
}

/** `revela --help`, beside a Node that does nothing. */
export async function startTime({ quick }) {
  if (!existsSync(command)) {
    return [{ title: 'revela --help', rows: [], remark: 'dist/cli/main.js is not built: not measured' }];
  }
  const own = [];
  const bare = [];
  for (let round = -1; round < (quick ? 5 : 11); round++) {
    const pair = [secondsToHelp([command, '--help']), secondsToHelp(['--eval', '0'])];
    if (round < 0) continue;
    own.push(pair[0]);
    bare.push(pair[1]);
  }
  const row = (name, runs) => ({ name, seconds: { median: median(runs), min: Math.min(...runs), runs } });
  return [
    {
      title: 'revela --help',
      targets: [{ of: 'seconds', atMost: TARGET_SECONDS }],
      rows: [row('revela --help', own), row('an empty Node', bare)],
    },
  ];
}
