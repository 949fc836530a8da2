import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { listenForStop, Stopped } from '#src/cli/stop.js';

function station() {
  const signals = new EventEmitter();
  const exits: number[] = [];
  const clock = { time: 1000 };
  const source = {
    on: (name: string, listener: () => void) => signals.on(name, listener),
    exit: (code: number) => exits.push(code),
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
  expect(exits).toEqual([130]);
});

it('takes a signal that npm sends on, after the terminal sent it, for the same', () => {
  const { exits, clock, send } = station();
  send('SIGINT');
  clock.time += 20;
  send('SIGINT');
  expect(exits).toEqual([]);
});
