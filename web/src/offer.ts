import { discardLearning, type Interrupted, interruptedLearning, whenNoneLearns } from './interrupted.js';
import { numberText, say } from './language/index.js';
import { hideName } from './log.js';
import { parts } from './parts.js';

/** A learning that was interrupted, and whether it is being looked for. */
let interrupted: Interrupted | undefined;
let looking = true;
/** Another tab is at one, and it is looked again once that tab lets go. */
let waiting = false;

/**
 * Shows what is offered.
 *
 * @param learns nothing is offered meanwhile
 */
export function showOffer(learns: boolean): void {
  parts.interrupted.setAttribute('aria-busy', String(looking));
  parts.interrupted.hidden = learns || looking || interrupted === undefined;
  const number = numberText(interrupted?.files.length ?? 0);
  const words = parts.interrupted.hidden ? '' : say().learnInterrupted(number);
  if (parts.interruptedText.textContent !== words) parts.interruptedText.textContent = words;
}

/**
 * Offers to go on with a learning that was interrupted, where there is one. What people choose is done only if it still is what was
 * offered: another tab may have taken it up, or let it go.
 *
 * @param changed shows what is offered
 * @param goOn goes on with it
 * @returns looks for one again
 */
export function openOffer(changed: () => void, goOn: (learning: Interrupted) => void): () => Promise<void> {
  const look = (): void => {
    looking = true;
    showOffer(false);
  };
  async function offer(): Promise<void> {
    look();
    const found = await interruptedLearning();
    interrupted = found === 'elsewhere' ? undefined : found;
    if (found === 'elsewhere') void offerLater();
    for (const { name } of interrupted?.files ?? []) hideName(name);
    looking = false;
    changed();
  }
  async function offerLater(): Promise<void> {
    if (waiting) return;
    waiting = true;
    await whenNoneLearns();
    waiting = false;
    await offer();
  }
  parts.goOn.addEventListener('click', async () => {
    const offered = interrupted?.id;
    await offer();
    if (interrupted !== undefined && interrupted.id === offered) goOn(interrupted);
  });
  parts.discard.addEventListener('click', async () => {
    const offered = interrupted?.id;
    look();
    if (offered !== undefined) await discardLearning(offered);
    await offer();
  });
  void offer();
  return offer;
}
