import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { OutsideError } from '../confined.js';
import { RevelaError } from '../errors.js';
import { fileError } from '../file-errors.js';
import { packageVersion } from '../package-version.js';
import { present } from '../present.js';
import { receivedError, sentError } from '../sent-error.js';
import type { FleetJob, FleetPicture } from './job.js';
import type { Outcome } from './make-task.js';
import { type Recipe, readRecipe, recipeFolder } from './recipe.js';
import type { SharedFolder } from './shared-folder.js';
import type { FailedWork, WorkOptions } from './work-options.js';
import type { Workshop } from './workshop.js';

/** Why this worker cannot do what others may be able to: the job goes back, and the worker ends. */
export class Unable extends RevelaError {}

/** Which recipe, and the folder of the results that it lies in. */
type RecipePlace = Pick<FleetJob, 'folder' | 'recipe'>;

/** A recipe as this machine has it. */
interface OwnRecipe {
  readonly recipe: Recipe;
  readonly weights?: string;
  readonly place: RecipePlace;
  /** The folder of the results on this machine. */
  readonly folder: string;
}

/** Does the pictures of jobs, on one machine. */
export class JobWork {
  /** Recipes that were found once. */
  readonly #known = new Set<string>();

  /** @param patience milliseconds until something that the pictures have no part in is tried again: a full disk, a folder that is away */
  constructor(
    readonly shared: SharedFolder,
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
      if (!this.#known.has(key)) throw new Unable(found.message, { cause: found });
      // What was there once is away for a while: a disk of another machine.
      told = await this.#wait(this.#away(found, folder), told, signal);
    }
  }

  /** The recipe as it is found at present, or why it is not. */
  async #find(place: RecipePlace): Promise<OwnRecipe | RevelaError> {
    const { folder, recipe: id } = place;
    try {
      const path = await this.shared.existing(folder);
      const recipe = await readRecipe(path, id);
      if (recipe !== undefined) {
        const weights = recipe.weights && join(path, recipeFolder, recipe.weights.file);
        return { recipe, place, folder: path, ...present({ weights }) };
      }
    } catch (error) {
      if (!(error instanceof RevelaError)) throw error;
      if (error.code !== 'ERR_FILE_MISSING') return error;
    }
    return new RevelaError(
      `${join(this.shared.path, folder)} is not the folder that was submitted to (${recipeFolder}/${id}.json is not in it): mount the same folder, and name it by \`shared\``,
      { code: 'ERR_FILE_MISSING' },
    );
  }

  #away({ code, message }: RevelaError, folder: string): string {
    if (code !== 'ERR_FILE_MISSING') return `${message}; waiting for it`;
    return `The folder ${join(this.shared.path, folder)} is away; waiting for it`;
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
    { recipe, weights }: OwnRecipe,
    { input: place, output, sha256 }: FleetPicture,
    signal: AbortSignal,
  ): Promise<Outcome> {
    const { device, threads, onDone } = this.options;
    let paths: { readonly input: string; readonly output: string };
    try {
      paths = { input: await this.shared.existing(place), output: await this.shared.future(output) };
    } catch (error) {
      if (!(error instanceof RevelaError)) throw error;
      return { outcome: 'failed', error: sentError(error) };
    }
    const came = await this.workshop.make(
      { recipe, ...paths, place, sha256, ...present({ weights, device, threads }) },
      signal,
    );
    signal.throwIfAborted();
    if (came.outcome === 'made') onDone?.({ ...paths, lost: came.lost });
    return came;
  }

  /**
   * What is waited for before a picture is tried again, in words; `undefined` where waiting does not help.
   *
   * @throws Unable where this machine may not write results
   */
  async #awaited(
    own: OwnRecipe,
    { outcome, error }: Exclude<Outcome, { readonly outcome: 'made' }>,
  ): Promise<string | undefined> {
    if (error.facts?.code === 'ERR_DISK_FULL') return `${error.message}; waiting until there is space`;
    const trouble = await this.#trouble(own);
    if (trouble?.code === 'ERR_ACCESS') throw new Unable(trouble.message, { cause: trouble });
    if (trouble !== undefined) return this.#away(trouble, own.place.folder);
    // Weights on a disk that has a moment of weakness.
    const passing = outcome === 'unable' && error.facts?.code === 'ERR_FILE';
    return passing ? `${error.message}; waiting for it` : undefined;
  }

  /** What keeps this machine from reading the recipe and writing results, if anything does. */
  async #trouble({ place, folder }: OwnRecipe): Promise<RevelaError | undefined> {
    const found = await this.#find(place);
    if (found instanceof RevelaError) return found;
    try {
      await access(folder, constants.W_OK | constants.X_OK);
      return undefined;
    } catch (error) {
      const trouble = fileError(`cannot write into ${folder}`, error);
      if (trouble instanceof RevelaError) return trouble;
      throw trouble;
    }
  }
}
