import { execFileSync, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { listenForStop, Stopped } from '#src/cli/terminal/stop.js';

function station() {
  const signals = new EventEmitter();
  const exits: string[] = [];
  const clock = { time: 1000 };
  const source = {
    on: (name: string, listener: () => void) => signals.on(name, listener),
    end: (name: string) => exits.push(name),
  };
  const stop = listenForStop(source, () => clock.time);
  return { stop, exits, clock, send: (name: string) => signals.emit(name) };
}

it('aborts at the first signal, with the exit code that shells give it', () => {
  const { stop, exits, send } = station();
  let told = 0;
  stop.onRequest(() => told++);
  expect(stop.signal.aborted).toBe(false);
  send('SIGTERM');
  expect(stop.signal.reason).toBeInstanceOf(Stopped);
  expect(stop.signal.reason).toMatchObject({ exitCode: 143 });
  expect([told, exits]).toEqual([1, []]);
});

it('ends the process at the second signal', () => {
  const { exits, clock, send } = station();
  send('SIGINT');
  clock.time += 1000;
  send('SIGINT');
  expect(exits).toEqual(['SIGINT']);
});

it('tidies up before the second signal ends the process', () => {
  const { stop, exits, clock, send } = station();
  const done: string[] = [];
  stop.beforeEnd(() => done.push(`tidied with ${exits.length} ends`));
  const takeBack = stop.beforeEnd(() => done.push('nothing to do any more'));
  takeBack();
  send('SIGINT');
  expect(done).toEqual([]);
  clock.time += 1000;
  send('SIGINT');
  expect([done, exits]).toEqual([['tidied with 0 ends'], ['SIGINT']]);
});

it('takes a signal that npm sends on, after the terminal sent it, for the same', () => {
  const { exits, clock, send } = station();
  send('SIGINT');
  clock.time += 20;
  send('SIGINT');
  expect(exits).toEqual([]);
});

it.skipIf(process.platform === 'win32')(
  'ends a process whose threads wait for what never comes',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'revela-stop-'));
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const stop = new URL('../../dist/cli/terminal/stop.js', import.meta.url).href;
    const program = `
    import { open } from 'node:fs/promises';
    import { listenForStop } from ${JSON.stringify(stop)};
    let clock = 0;
    listenForStop(undefined, () => (clock += 1000)).onRequest(() => console.log('asked'));
    open(${JSON.stringify(pipe)});
    setTimeout(() => console.log('waiting'), 0);`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program]);
    child.stdout.setEncoding('utf8').on('data', () => child.kill('SIGINT'));
    const [code, signal] = await once(child, 'exit');
    rmSync(folder, { recursive: true });
    expect([code, signal]).toEqual([null, 'SIGINT']);
  },
);
