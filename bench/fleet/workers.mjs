import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** The command, as it is built. */
export const program = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

/** Workers of a fleet that are processes of this machine, each with the process that it works in as a group of its own. */
export class Workers {
  /** How often each result was written, as far as workers came to say so. */
  written = new Map();
  /** How often each line was told, with numbers that differ from line to line left out. */
  told = new Map();
  /** Those that nobody ended, and that ended all the same. */
  astray = 0;
  #running = [];

  constructor(count, words) {
    this.words = words;
    for (let at = 0; at < count; at++) this.#running.push(this.#start());
  }

  get done() {
    return this.written.size;
  }

  #start() {
    const words = [program, 'fleet', 'work', '--json', ...this.words];
    const child = spawn(process.execPath, words, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
    createInterface(child.stdout).on('line', (line) => this.#hear(line));
    const worker = { child, expected: false, frozen: false };
    child.once('exit', () => {
      if (worker.expected) return;
      this.astray += 1;
      this.#replace(worker);
    });
    return worker;
  }

  #hear(line) {
    let told;
    try {
      told = JSON.parse(line);
    } catch {
      return; // half a line of one that was killed
    }
    if (told.kind === 'written') count(this.written, told.output);
    if (!['note', 'failed', 'error'].includes(told.kind)) return;
    count(this.told, `${told.kind}: ${told.message.replace(/\S*\/\S+|\b[\da-f]{16,}\b|\d+/g, '…')}`);
  }

  #replace(worker) {
    this.#running[this.#running.indexOf(worker)] = this.#start();
  }

  /** Kills (−9) one of those that run, in half of the cases with the process that it works in, and starts another one. */
  async kill(random) {
    const victims = this.#running.filter(({ frozen }) => !frozen);
    const worker = victims[Math.floor(random() * victims.length)];
    const { pid } = worker.child;
    const ended = once(worker.child, 'exit');
    worker.expected = true;
    process.kill(random() < 0.5 ? pid : -pid, 'SIGKILL');
    await ended;
    this.#replace(worker);
  }

  /** Stops one with all that it runs, for so long. */
  freeze(milliseconds) {
    const worker = this.#running[0];
    worker.frozen = true;
    process.kill(-worker.child.pid, 'SIGSTOP');
    return new Promise((resolve) => {
      setTimeout(() => {
        process.kill(-worker.child.pid, 'SIGCONT');
        worker.frozen = false;
        resolve();
      }, milliseconds);
    });
  }

  /** Asks all to end, and waits for them; the exit codes. */
  async stop() {
    const codes = this.#running.map(async (worker) => {
      const ended = once(worker.child, 'exit');
      worker.expected = true;
      worker.child.kill('SIGTERM');
      return (await ended)[0];
    });
    return await Promise.all(codes);
  }

  /** Leaves nothing behind. */
  end() {
    for (const worker of this.#running) {
      worker.expected = true;
      try {
        process.kill(-worker.child.pid, 'SIGKILL');
      } catch {
        // has ended
      }
    }
  }
}

function count(counts, key) {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
