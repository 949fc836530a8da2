// A reporter of Vitest: a file whose process is stuck is beyond Vitest's own limits, and would keep the run for ever. It is named, and the run ends.
import { relative } from 'node:path';
import { root } from './setup.mjs';

/** Milliseconds in which some file of tests ends, on whatever machine. */
const ENDLESS = 20 * 60_000;

export default class EndlessFiles {
  #begun = new Set();
  #last = performance.now();
  #watch;

  onTestRunStart() {
    this.#watch = setInterval(() => this.#look(), 30_000).unref();
  }

  onTestModuleQueued({ moduleId }) {
    this.#begun.add(moduleId);
    this.#last = performance.now();
  }

  onTestModuleEnd({ moduleId }) {
    this.#begun.delete(moduleId);
    this.#last = performance.now();
  }

  onTestRunEnd() {
    clearInterval(this.#watch);
    // A file whose process died has no result that would name it.
    if (this.#begun.size > 0) console.error(`\nBegun and not ended: ${this.#files()}`);
  }

  #look() {
    if (performance.now() - this.#last < ENDLESS) return;
    console.error(
      `\nNo file has ended in ${ENDLESS / 60_000} minutes: the run ends here. Begun and not ended: ${this.#files()}`,
    );
    process.exit(1);
  }

  #files() {
    return [...this.#begun].map((moduleId) => relative(root, moduleId)).join(', ');
  }
}
