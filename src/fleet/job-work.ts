import { setTimeout as wait } from 'node:timers/promises';
import { OutsideError } from '../confined.js';
import { RevelaError } from '../errors.js';
import { packageVersion } from '../package-version.js';
import { present } from '../present.js';
import { receivedError, type SentError, sentError } from '../sent-error.js';
import type { FleetJob, FleetPicture } from './job.js';
import type { Outcome } from './make-task.js';
import { type Recipe, readRecipe, recipePlace, weightsPlace } from './recipe.js';
import { type FleetStorage, type LocalFile, StorageAway, StorageRefusal } from './storage/storage.js';
import type { FailedWork, WorkOptions } from './work-options.js';
import type { Workshop } from './workshop.js';

/** Why this worker cannot do what others may be able to: the job goes back, and the worker ends. */
export class Unable extends RevelaError {}

/** Which recipe, and the folder of the results that it lies in. */
type RecipePlace = Pick<FleetJob, 'folder' | 'recipe'>;

/** A recipe, and where it was found. */
interface OwnRecipe {
  readonly recipe: Recipe;
  readonly place: RecipePlace;
}

/** What came of a picture; `away`: nothing, as the storage of the pictures is. */
type Came = Outcome | { readonly outcome: 'away'; readonly error: SentError };

/** Does the pictures of jobs, on one machine. */
export class JobWork {
  /** Recipes that were found once. */
  readonly #known = new Set<string>();
  /** Weights as files of this machine, by their places. */
  readonly #weights = new Map<string, LocalFile>();

  /** @param patience milliseconds until something that the pictures have no part in is tried again: a full disk, a folder that is away */
  constructor(
    readonly storage: FleetStorage,
    readonly workshop: Pick<Workshop, 'make'>,
    readonly options: WorkOptions,
    readonly patience = 5000,
  ) {}

  /**
   * The recipe of a job.
   *
   * @throws Unable for a job of another version, and where this machine's folder cannot be read, or is not the one that was submitted to;
   *   OutsideError for a folder that leads out of the shared one
   */
  async recipeOf({ revela, recipe, folder }: FleetJob, signal: AbortSignal): Promise<OwnRecipe> {
    const own = packageVersion();
    if (revela !== own)
      throw new Unable(
        `the pictures were submitted by revela ${revela}, and this is ${own}: install the same version on all machines`,
      );
    const key = `${folder}\n${recipe}`;
    for (let told = ''; ; ) {
      const found = await this.#find({ folder, recipe });
      if (!(found instanceof RevelaError)) {
        this.#known.add(key);
        return found;
      }
      if (found instanceof OutsideError) throw found;
      const refuses = found instanceof StorageRefusal || found.code === 'ERR_ACCESS';
      const waits = found instanceof StorageAway || (this.#known.has(key) && !refuses);
      if (!waits) throw new Unable(found.message, { cause: found });
      // What was there once is away for a while: a disk of another machine.
      told = await this.#wait(this.#away(found, folder), told, signal);
    }
  }

  /** The recipe as it is found at present, or why it is not. */
  async #find(place: RecipePlace): Promise<OwnRecipe | RevelaError> {
    const { folder, recipe: id } = place;
    try {
      const recipe = await readRecipe(this.storage, folder, id);
      if (recipe !== undefined) return { recipe, place };
    } catch (error) {
      if (!(error instanceof RevelaError)) throw error;
      if (error.code !== 'ERR_FILE_MISSING') return error;
    }
    return new RevelaError(
      `${this.storage.nameOf(folder)} is not the folder that was submitted to (${recipePlace('.', id)} is not in it): name the same one by \`shared\``,
      { code: 'ERR_FILE_MISSING' },
    );
  }

  #away({ code, message }: RevelaError, folder: string): string {
    if (code !== 'ERR_FILE_MISSING') return `${message}; waiting for it`;
    return `The folder ${this.storage.nameOf(folder)} is away; waiting for it`;
  }

  /** Says once what is waited for, and waits a while. */
  async #wait(line: string, told: string, signal: AbortSignal): Promise<string> {
    if (line !== told) this.options.tell?.(line);
    await wait(this.patience, undefined, { signal });
    return line;
  }

  /**
   * Does a picture. What keeps this machine from the folder of the results is no fault of the picture.
   *
   * @returns why it cannot be done; `undefined` where its result is written
   * @throws Unable where this machine cannot do what the recipe says, or may not write results; what the signal says
   */
  async picture(
    own: OwnRecipe,
    picture: FleetPicture,
    signal: AbortSignal,
  ): Promise<Omit<FailedWork, 'again'> | undefined> {
    const { input } = picture;
    for (let told = ''; ; ) {
      const came = await this.#made(own, picture, signal);
      if (came.outcome === 'made') return undefined;
      const line = await this.#awaited(own, came);
      if (line === undefined) {
        const { message } = came.error;
        if (came.outcome === 'unable') throw new Unable(message, { cause: receivedError(came.error) });
        return { input, message: message.includes(input) ? message : `${input}: ${message}` };
      }
      told = await this.#wait(line, told, signal);
    }
  }

  async #made(
    own: OwnRecipe,
    { input: place, output, sha256, proof }: FleetPicture,
    signal: AbortSignal,
  ): Promise<Came> {
    const { storage, options } = this;
    const { recipe } = own;
    const { device, threads } = options;
    try {
      const weights = await this.#weightsOf(own, signal);
      if (typeof weights === 'object') return weights;
      await using input = await this.#fetched(place, sha256);
      await using result = await storage.result(output, { ...own.place, input: place, proof });
      const came = await this.workshop.make(
        {
          ...{ recipe, input: input.path, output: result.path, place, sha256 },
          ...present({ weights, device, threads }),
        },
        signal,
      );
      signal.throwIfAborted();
      const names = { input: storage.nameOf(place), output: storage.nameOf(output) };
      if (came.outcome !== 'made') {
        const said = came.error.message.replaceAll(input.path, names.input);
        const message = said.replaceAll(result.path, names.output);
        return { ...came, error: { ...came.error, message } };
      }
      await result.keep();
      options.onDone?.({ ...names, lost: came.lost });
      return came;
    } catch (error) {
      return this.#hindered('failed', error, signal);
    }
  }

  /** A picture as a file of this machine. Where the storage refuses it, that may be about this picture alone: what else it refuses is asked then. */
  async #fetched(place: string, sha256: string): Promise<LocalFile> {
    try {
      return await this.storage.fetch(place, sha256);
    } catch (error) {
      if (!(error instanceof StorageRefusal)) throw error;
      throw new RevelaError(error.message, { cause: error, code: error.code });
    }
  }

  /** The weights as a file of this machine, or why there is none; a copy of them stays until the storage is closed. */
  async #weightsOf(
    { recipe: { weights }, place: { folder } }: OwnRecipe,
    signal: AbortSignal,
  ): Promise<string | Came | undefined> {
    if (weights === undefined) return undefined;
    const place = weightsPlace(folder, weights);
    try {
      const file = this.#weights.get(place) ?? (await this.storage.fetch(place, weights.sha256));
      this.#weights.set(place, file);
      return file.path;
    } catch (error) {
      const isMissing = error instanceof RevelaError && error.code === 'ERR_FILE_MISSING';
      return this.#hindered('unable', isMissing ? this.#noWeights(place, error) : error, signal);
    }
  }

  #noWeights(place: string, cause: RevelaError): RevelaError {
    const name = this.storage.nameOf(place);
    const message = `the weights that were submitted are not there (${name}): submit the pictures again`;
    return new RevelaError(message, { cause, code: 'ERR_FILE_MISSING' });
  }

  /**
   * What an error of the storage comes to.
   *
   * @throws Unable where it does not let this machine in; what is no error of it
   */
  #hindered(outcome: 'failed' | 'unable', error: unknown, signal: AbortSignal): Came {
    if (signal.aborted || !(error instanceof RevelaError)) throw error;
    if (error instanceof StorageRefusal) throw new Unable(error.message, { cause: error });
    return { outcome: error instanceof StorageAway ? 'away' : outcome, error: sentError(error) };
  }

  /**
   * What is waited for before a picture is tried again, in words; `undefined` where waiting does not help.
   *
   * @throws Unable where this machine may not write results
   */
  async #awaited(
    own: OwnRecipe,
    { outcome, error }: Exclude<Came, { readonly outcome: 'made' }>,
  ): Promise<string | undefined> {
    if (error.facts?.code === 'ERR_DISK_FULL') return `${error.message}; waiting until there is space`;
    if (outcome === 'away') return `${error.message}; waiting for it`;
    const trouble = await this.#trouble(own);
    if (trouble?.code === 'ERR_ACCESS' || trouble instanceof StorageRefusal)
      throw new Unable(trouble.message, { cause: trouble });
    if (trouble !== undefined) return this.#away(trouble, own.place.folder);
    // Weights on a disk that has a moment of weakness.
    const passing = outcome === 'unable' && error.facts?.code === 'ERR_FILE';
    return passing ? `${error.message}; waiting for it` : undefined;
  }

  /** What keeps this machine from reading the recipe and writing results, if anything does. */
  async #trouble({ place }: OwnRecipe): Promise<RevelaError | undefined> {
    const found = await this.#find(place);
    if (found instanceof RevelaError) return found;
    try {
      await this.storage.checkWritable(place.folder);
      return undefined;
    } catch (error) {
      if (error instanceof RevelaError) return error;
      throw error;
    }
  }
}
