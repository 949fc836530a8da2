// The process that works on pictures, one after the other. What a picture does to it is not done to the worker, which renews its locks
// meanwhile; see workshop.ts.
import { fileSha256 } from '../api/index.js';
import { RevelaError } from '../errors.js';
import { checkReplacesNone } from '../file-identity.js';
import { allowMegapixels } from '../picture-limit.js';
import { sentError } from '../sent-error.js';
import type { FromMaker, MakeTask, Outcome } from './make-task.js';
import { type Maker, openMaker } from './maker.js';

let open: { readonly key: string; readonly maker: Maker } | undefined;

/** What is open stays open for the next picture of the same recipe. */
async function makerFor({ recipe, weights, device, threads }: MakeTask): Promise<Maker> {
  const key = JSON.stringify([recipe, weights, device, threads]);
  if (open?.key === key) return open.maker;
  await open?.maker.close();
  open = undefined;
  if (
    weights !== undefined &&
    recipe.weights !== undefined &&
    (await fileSha256(weights)) !== recipe.weights.sha256
  )
    throw new RevelaError(`${weights} is not the file that was submitted; submit the pictures again`);
  const maker = await openMaker(recipe, weights, { ...(device && { device }), ...(threads && { threads }) });
  open = { key, maker };
  return maker;
}

async function outcomeOf(task: MakeTask): Promise<Outcome> {
  const { recipe, input, output, sha256 } = task;
  let maker: Maker;
  try {
    allowMegapixels(recipe.maxInput);
    maker = await makerFor(task);
  } catch (error) {
    return { outcome: 'unable', error: sentError(error) };
  }
  try {
    if ((await fileSha256(input)) !== sha256)
      throw new RevelaError(`${input} was changed since it was submitted; submit it again`);
    await checkReplacesNone([output], [input], 'picture');
    return { outcome: 'made', lost: await maker.make(task) };
  } catch (error) {
    return { outcome: 'failed', error: sentError(error) };
  }
}

async function answer(task: MakeTask): Promise<void> {
  const came = await outcomeOf(task);
  process.send?.({ id: task.id, came } satisfies FromMaker);
}

// A terminal sends Ctrl-C to all that it runs; the worker says when to stop.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
// Without its worker nobody wants its results. Ended in order, native code that is at work would abort, with a line about it and a dump of its memory.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('message', (task: MakeTask) => void answer(task));
