import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { expect, it } from 'vitest';
import { sharedFolder } from '../shared.js';
import { expectRefusal, jsonLines, onCpu, revela, smallNetwork, temporaryFolder } from './command.js';
import { checkout } from './warm-checkout.js';

const path = temporaryFolder();

/** More steps than are taken while the second process starts and is refused, however busy the machine. */
const STEPS = 1_000_000;

/** A process that trains, once it does. */
async function training(args: readonly (string | number)[]) {
  const child = spawn(process.execPath, [`${checkout}dist/cli/main.js`, ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const exit = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout }))
    if (line.includes('"kind":"training"')) break;
  child.stdout.resume();
  return { child, exit };
}

// The cases train-two-resumes and two-processes-resume-one-run, whose scripts train for minutes and wait for a machine that is fast.
it.for([
  ['train-two-resumes', 'picture.png'],
  ['two-processes-resume-one-run', 'p.png'],
] as const)('%s', { timeout: 300_000 }, async ([name, file], context) => {
  const picture = `${sharedFolder(context, 'cases', name)}/${file}`;
  const run = path(name);
  const learning = ['--steps', STEPS, ...smallNetwork];
  await revela(['train', 'denoiser', picture, '--output', run, ...learning, ...onCpu, '--json'], {
    interrupt: { at: '"step":2,', signal: 'SIGINT' },
  });
  const resume = ['train', 'denoiser', '--resume', run, ...onCpu];
  const { child, exit } = await training([...resume, '--json']);
  const saying = `is being written by process ${child.pid}`;
  await expectRefusal(revela(resume, { ownProcess: true }), 1, saying);
  child.kill('SIGINT');
  expect((await exit)[0]).toBe(130);
  const steps = jsonLines(await readFile(`${run}/metrics.jsonl`, 'utf8')).map(({ step }) => step);
  expect(steps).toEqual(steps.map((_, i) => i + 1));
});
