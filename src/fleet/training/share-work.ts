import { fairQueue } from '../../api/index.js';
import {
  decodeState,
  encodeState,
  type OpenShare,
  openShare,
  ROUNDS,
  type ShareResult,
  type TeamPaths,
} from '../../api/rounds.js';
import { OutsideError } from '../../confined.js';
import { RevelaError } from '../../errors.js';
import { packageVersion } from '../../package-version.js';
import { present } from '../../present.js';
import { Unable } from '../job-work.js';
import type { DeviceChoices } from '../maker.js';
import { type FleetStorage, type LocalFile, placeIn } from '../storage/storage.js';
import { type Patience, untilThere } from '../storage/until-there.js';
import { RoundStore } from './round-store.js';
import { pictureIn } from './run-place.js';
import type { ShareAnswer, ShareJob } from './share-job.js';
import { readSpec } from './spec.js';

/** What a member gave in a round, as it has it itself. */
type Groups = ShareResult['groups'];

/** So many of its own results a member keeps at hand. */
const mostKept = 4;

/** Pictures that are fetched at once. */
const mostAtOnce = 4;

/** Does shares, on one machine: what the run needs is opened once. */
export class ShareWork {
  #open: { readonly key: string; readonly share: OpenShare } | undefined;
  readonly #kept = new Map<string, Groups>();
  /** What it needs besides, as files of this machine. */
  readonly #files: LocalFile[] = [];

  constructor(
    readonly storage: FleetStorage,
    readonly options: DeviceChoices & { readonly tell?: ((line: string) => void) | undefined },
  ) {}

  /**
   * Does a share.
   *
   * @throws Unable for a share of another version, and where this machine's folder is not the one of the run, or what the run needs
   *   cannot be got; OutsideError for a run outside of the shared folder; what the signal says
   */
  async do(job: ShareJob, signal: AbortSignal): Promise<Omit<ShareAnswer, 'by' | 'handedOver'>> {
    const own = packageVersion();
    if (job.revela !== own)
      throw new Unable(
        `the training is done by revela ${job.revela}, and this is ${own}: install the same version on all machines`,
      );
    const store = this.#storeOf(job, signal);
    const share = await this.#shareOf(job, store, signal);
    const parameters = await this.#got(store, job.weights);
    const moments = await this.#momentsOf(job, store);
    const start = { ...moments, parameter: parameters['parameter'] ?? {} };
    const age = moments === undefined ? 0 : (job.moments?.age ?? 0);
    const { clip, ...task } = job;
    const { loss, gradientNorm, groups } = await share.work(
      { ...task, ...present({ clip }) },
      job.member,
      start,
      age,
      signal,
    );
    if (Object.keys(groups).length === 0) return { sha256: null, loss: null, gradientNorm: null, age };
    const sha256 = await store.put(encodeState(groups)).catch((error: unknown) => {
      throw asUnable(error);
    });
    if (job.kind === 'steps') this.#keep(sha256, groups);
    return { sha256, loss, gradientNorm, age: age + job.learningRates.length };
  }

  async close(): Promise<void> {
    await this.#open?.share.close();
    this.#open = undefined;
    for (const file of this.#files.splice(0)) await file[Symbol.asyncDispose]();
  }

  /** The files of the run, as this machine has them. */
  #storeOf({ run, proof }: ShareJob, signal: AbortSignal): RoundStore {
    return new RoundStore(this.storage, placeIn(run, ROUNDS), this.#patience(signal), proof);
  }

  #patience(signal: AbortSignal): Patience {
    return { tell: this.options.tell, signal };
  }

  #elsewhere(run: string): string {
    return `${this.storage.nameOf(run)} is not the folder of the run that is trained: mount the folder that the coordinator has, and name it by \`shared\``;
  }

  async #shareOf(job: ShareJob, store: RoundStore, signal: AbortSignal): Promise<OpenShare> {
    const key = `${job.run}\n${job.spec}`;
    if (this.#open?.key === key) return this.#open.share;
    await this.close();
    this.#kept.clear();
    try {
      const { settings } = await readSpec(store, job.spec).catch((error: unknown) => {
        if (error instanceof RevelaError && error.code === 'ERR_FILE_MISSING')
          throw new Unable(this.#elsewhere(job.run), { cause: error });
        throw error;
      });
      const share = await openShare(settings, this.#paths(store, signal), this.#devices(signal));
      this.#open = { key, share };
      return share;
    } catch (error) {
      throw asUnable(error);
    }
  }

  /** Pictures and weights as files of this machine; copies of them stay until the run is closed. */
  #paths(store: RoundStore, signal: AbortSignal): TeamPaths {
    const turns = fairQueue(mostAtOnce);
    const kept = async (file: LocalFile): Promise<string> => {
      this.#files.push(file);
      return file.path;
    };
    return {
      picture: (name) =>
        turns.take(async () => {
          const { place, sha256 } = pictureIn(name);
          return kept(await untilThere(() => this.storage.fetch(place, sha256), this.#patience(signal)));
        }),
      weights: async (sha256) => kept(await store.file(sha256, 'weights.safetensors')),
    };
  }

  #devices(signal: AbortSignal): Parameters<typeof openShare>[2] {
    const { device, threads, tell } = this.options;
    return {
      ...present({ device, threads }),
      signal,
      onProgress: (progress) => {
        if (progress.kind === 'note') tell?.(progress.message);
      },
    };
  }

  async #got(store: RoundStore, sha256: string): Promise<Groups> {
    try {
      return decodeState(await store.get(sha256), store.nameOf(sha256));
    } catch (error) {
      throw asUnable(error);
    }
  }

  /** What the member remembers of its former steps; where its file is lost, it begins anew, and says so. */
  async #momentsOf({ moments, round, member }: ShareJob, store: RoundStore): Promise<Groups | undefined> {
    if (moments === undefined) return undefined;
    const kept = this.#kept.get(moments.sha256);
    if (kept !== undefined) return kept;
    try {
      return decodeState(await store.get(moments.sha256), store.nameOf(moments.sha256));
    } catch (error) {
      if (!(error instanceof RevelaError)) throw error;
      this.options.tell?.(
        `Round ${round}: the moments of member ${member + 1} are lost and begin anew: ${error.message}`,
      );
      return undefined;
    }
  }

  #keep(sha256: string, groups: Groups): void {
    this.#kept.set(sha256, groups);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest);
  }
}

/** What keeps this machine from taking part may not keep others. */
function asUnable(error: unknown): unknown {
  if (!(error instanceof RevelaError) || error instanceof Unable || error instanceof OutsideError)
    return error;
  return new Unable(error.message, { cause: error });
}
