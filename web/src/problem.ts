import { engineDetails } from './engine.js';
import { say } from './language/index.js';
import { details } from './log.js';
import { parts } from './parts.js';
import type { Queue, Trouble } from './queue.js';

let problem: Trouble | undefined;

/** What is told of all pictures, until it is dismissed; `undefined` for nothing. Shown when the queue is next. */
export function holdProblem(trouble: Trouble | undefined): void {
  problem = trouble;
}

/** Shows what is told of all, or else of the picture that is shown. */
export function showProblem({ shown }: Queue): void {
  const told = problem ?? shown?.trouble;
  const words = told?.() ?? '';
  parts.problem.hidden = told === undefined;
  parts.dismiss.hidden = problem === undefined;
  if (parts.problemText.textContent !== words) parts.problemText.textContent = words;
}

/** Opens the buttons beside it: one dismisses it, one copies it with what helps to mend it. */
export function openProblem(queue: Queue, address: () => string): void {
  parts.dismiss.addEventListener('click', () => {
    holdProblem(undefined);
    queue.changed();
  });
  parts.copy.addEventListener('click', () => {
    const told = problem?.() ?? queue.shown?.trouble?.() ?? '';
    void navigator.clipboard.writeText(details(told, engineDetails(), address())).then(() => {
      parts.copy.textContent = say().copied;
      setTimeout(() => {
        parts.copy.textContent = say().copyDetails;
      }, 2000);
    });
  });
}
