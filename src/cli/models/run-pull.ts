import { RevelaError } from '../../errors.js';
import { type DownloadProgress, namesToPull, type PulledModel, pullModel } from '../../api/index.js';
import type { Context } from '../context.js';
import { present } from '../../present.js';
import { exitCodes } from '../terminal/failure.js';
import { modelStore } from '../options/model-store.js';
import type { PullFlags } from './command.js';
import { checkText } from './models-text.js';
import { openScreen, type Screen } from '../terminal/screen.js';
import { stop } from '../terminal/stop.js';
import { counted, sizeText } from '../terminal/wording.js';

interface FailedPull {
  readonly model: string;
  readonly message: string;
}

/** Does what `revela models pull` promises; returns the exit code. */
export async function runPullModels(
  names: readonly string[],
  { offline = false, unverified = false, retries, ...flags }: PullFlags,
  context: Context,
): Promise<number> {
  const store = await modelStore(flags, context);
  const wanted = await namesToPull(names, store);
  const screen = openScreen(context, flags.json === true);
  const { signal } = context.listenForStop();
  const pulled: PulledModel[] = [];
  const failures: FailedPull[] = [];
  for (const model of wanted) {
    let received = 0;
    const onProgress = (progress: DownloadProgress): void => {
      if (progress.kind === 'downloading') ({ received } = progress);
      screen.report(progress);
    };
    try {
      const result = await pullModel(model, {
        ...store,
        offline: offline || context.offline,
        unverified,
        ...present({ retries }),
        signal,
        onProgress,
      });
      pulled.push(result);
      tell(result, screen);
    } catch (error) {
      screen.endLine();
      if (signal.aborted) stop(stoppedText(model, received), signal);
      if (!(error instanceof RevelaError)) throw error;
      failures.push({ model, message: error.message });
    }
  }
  return finish(pulled, failures, flags.json === true, screen);
}

function tell({ name, source, path, size, verified, downloaded }: PulledModel, screen: Screen): void {
  if (downloaded) screen.written(source, path);
  else screen.written(name, path);
  screen.note(`${name}: ${downloaded ? '' : 'was there already, '}${sizeText(size)}, ${checkText(verified)}`);
}

function stoppedText(model: string, received: number): string {
  const kept =
    received > 0 ? `; ${sizeText(received)} of ${model} are kept, and the next pull goes on there` : '';
  return `stopped${kept}`;
}

/** Says how it ended; the exit code is 0 only if every model is there. */
function finish(
  pulled: readonly PulledModel[],
  failures: readonly FailedPull[],
  json: boolean,
  screen: Screen,
): number {
  screen.failed(failures.map(({ message }) => message));
  const models = pulled.map(({ name, path, size, sha256, source, verified, downloaded }) => ({
    ...{ name, path, size, sha256, source, verified, downloaded },
  }));
  const all = pulled.length + failures.length;
  if (all > 1 || json)
    screen.done(
      failures.length === 0
        ? `${counted(all, 'model')} there`
        : `${pulled.length} of ${counted(all, 'model')} there`,
      { models, failures },
    );
  return failures.length === 0 ? 0 : exitCodes.failure;
}
