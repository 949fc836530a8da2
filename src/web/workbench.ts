import { RevelaError } from '../errors.js';
import type { Runtime } from '../runtime/index.js';
import { checkAnswers, type Engine, type EngineChoice } from '../runtime/web/index.js';
import { Scorer } from './measures.js';
import { Restorer } from './restorer.js';

/** Why something else computes than before: a graphics card was lost, memory ran out, or what computed ended unexpectedly. */
export type EngineChange = 'lost' | 'memory' | 'ended';

/** Sides of tiles, in pixels, that are tried where memory runs out. */
const SMALLER = [256, 128];

/** After so many milliseconds a graphics card that does not answer counts as lost; the small program takes a second or two. */
const SILENCE = 30_000;

/** What is known of a command that failed. */
export interface Failed {
  /** Whether it works tile by tile, so that smaller tiles take less memory. */
  readonly tiled: boolean;
  /** Ends the wait for what may never answer. */
  readonly signal: AbortSignal;
}

/**
 * What a runtime answers; `undefined` where it is a graphics card that stays silent, as one that was lost may.
 *
 * @param signal ends the wait
 * @throws what the answer does, or the signal's reason
 */
function answerOf<Answer>(
  { device }: Runtime,
  answer: Promise<Answer>,
  signal?: AbortSignal,
): Promise<Answer | undefined> {
  return new Promise((resolve, reject) => {
    const timer = device === 'webgpu' ? setTimeout(resolve, SILENCE, undefined) : undefined;
    const stop = (): void => reject(signal?.reason);
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop();
    void answer.then(resolve, reject).finally(() => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', stop);
    });
  });
}

/** Whether a runtime computes still, and what it should. */
async function isSound(runtime: Runtime): Promise<boolean> {
  try {
    if (runtime.device === 'webgpu') return (await checkAnswers(runtime)) === undefined;
    await runtime.held();
    return true;
  } catch {
    return false;
  }
}

/** What computes, and what is done by it; after a failure that is the machine's, another takes its place. */
export class Workbench {
  readonly #open: (engine: EngineChoice) => Promise<Engine>;
  readonly #folder: string;
  #choice: EngineChoice;
  #tile: number | undefined;
  #engine: Engine;
  restorer: Restorer;
  scorer: Scorer;

  private constructor(
    open: (engine: EngineChoice) => Promise<Engine>,
    folder: string,
    choice: EngineChoice,
    engine: Engine,
    tile: number | undefined,
  ) {
    this.#open = open;
    this.#folder = folder;
    this.#choice = choice;
    this.#engine = engine;
    this.#tile = tile;
    this.restorer = new Restorer(engine.runtime, folder, tile);
    this.scorer = new Scorer(engine.runtime, folder);
  }

  /**
   * @param folder of the weights, with a slash at its end
   * @param tile the largest side of tiles at first; default: by what the network takes
   */
  static async open(
    open: (engine: EngineChoice) => Promise<Engine>,
    folder: string,
    choice: EngineChoice,
    tile?: number,
  ): Promise<Workbench> {
    return new Workbench(open, folder, choice, await open(choice), tile);
  }

  get runtime(): Runtime {
    return this.#engine.runtime;
  }

  /** What computes, and why it is this, for people. */
  get description(): { readonly engine: string; readonly reason: string } {
    return { engine: this.runtime.description, reason: this.#engine.reason };
  }

  /** The largest side of tiles, where there is little memory or it has run out. */
  get tile(): number | undefined {
    return this.#tile;
  }

  /**
   * Makes ready to try again what has failed: a graphics card that was lost gives way to WebAssembly, where memory ran out smaller tiles
   * are worked on, and what ended is begun again.
   *
   * @returns what has changed; nothing where trying again is of no use
   * @throws the signal's reason
   */
  async mend(error: unknown, failed: Failed): Promise<EngineChange | undefined> {
    const change = await this.#changeFor(error, failed);
    if (change === undefined) return undefined;
    const closing = this.runtime.close().catch(() => undefined);
    // A lost card may never answer.
    if (change === 'lost') this.#choice = 'webassembly';
    else await answerOf(this.runtime, closing);
    const { runtime, reason } = await this.#open(this.#choice);
    this.#engine = {
      runtime,
      reason: change === 'lost' ? `${reason}; the graphics card was lost` : reason,
    };
    this.restorer = new Restorer(runtime, this.#folder, this.#tile);
    this.scorer = new Scorer(runtime, this.#folder);
    return change;
  }

  async #changeFor(error: unknown, { tiled, signal }: Failed): Promise<EngineChange | undefined> {
    if (error instanceof RevelaError && error.code === 'ERR_MEMORY') {
      if (!tiled) return undefined;
      const smaller = SMALLER.find((side) => side < (this.#tile ?? Number.POSITIVE_INFINITY));
      if (smaller === undefined) return undefined;
      this.#tile = smaller;
      return 'memory';
    }
    if (await answerOf(this.runtime, isSound(this.runtime), signal)) return undefined;
    return this.runtime.device === 'webgpu' ? 'lost' : 'ended';
  }
}
