// A reporter of Vitest: a file whose process is stuck is beyond Vitest's own limits, and would keep the run for ever. It is named, and the run ends.
import { relative } from 'node:path';
import { root } from './setup.mjs';

/** Milliseconds that no file of tests takes, on whatever machine. */
const ENDLESS = 20 * 60_000;

export default class EndlessFiles {
  #begun = new Map();
  #watch;

  onTestRunStart() {
    this.#watch = setInterval(() => this.#look(), 30_000).unref();
  }

  onTestModuleStart({ moduleId }) {
    this.#begun.set(moduleId, performance.now());
  }

  onTestModuleEnd({ moduleId }) {
    this.#begun.delete(moduleId);
  }

  onTestRunEnd() {
    clearInterval(this.#watch);
  }

  #look() {
    for (const [moduleId, begun] of this.#begun)
      if (performance.now() - begun > ENDLESS) {
        console.error(
          `\n${relative(root, moduleId)} has not ended in ${ENDLESS / 60_000} minutes: the run ends here`,
        );
        process.exit(1);
      }
  }
}
