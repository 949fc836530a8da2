import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { RevelaError } from '../errors.js';
import { packageVersion } from '../package-version.js';
import { present } from '../present.js';
import { receivedError } from '../sent-error.js';
import type { FleetJob, FleetPicture } from './job.js';
import type { Outcome } from './make-task.js';
import { type Recipe, readRecipe, recipeFolder } from './recipe.js';
import type { SharedFolder } from './shared-folder.js';
import type { FailedWork, WorkOptions } from './work-options.js';
import type { Workshop } from './workshop.js';

/** Milliseconds until something that the pictures have no part in is tried again: a full disk, a folder that is away. */
const patience = 5000;

/** Why this worker cannot do what others may be able to: the job goes back, and the worker ends. */
export class Unable extends RevelaError {}

/** A recipe as this machine has it. */
interface OwnRecipe {
  readonly recipe: Recipe;
  readonly weights?: string;
}

/** Does the pictures of jobs, on one machine. */
export class JobWork {
  readonly #known = new Map<string, OwnRecipe>();

  constructor(
    readonly shared: SharedFolder,
    readonly workshop: Workshop,
    readonly options: WorkOptions,
  ) {}

  /**
   * The recipe of a job.
   *
   * @throws Unable for a job of another version, and where this machine's folder is not the one that was submitted to
   */
  async recipeOf({ revela, recipe: id, folder }: FleetJob, signal: AbortSignal): Promise<OwnRecipe> {
    const own = packageVersion();
    if (revela !== own)
      throw new Unable(
        `the pictures were submitted by revela ${revela}, and this is ${own}: install the same version on all machines`,
      );
    const key = `${folder}\n${id}`;
    const known = this.#known.get(key);
    for (let told = false; ; told = true) {
      const found = await this.#find(folder, id);
      if (found !== undefined) {
        this.#known.set(key, found);
        return found;
      }
      // What was there once is away for a while: a disk of another machine.
      if (known === undefined)
        throw new Unable(
          `${join(this.shared.path, folder)} is not the folder that was submitted to (${recipeFolder}/${id}.json is not in it): mount the same folder, and name it by \`shared\``,
        );
      if (!told) this.options.tell?.(`The folder ${join(this.shared.path, folder)} is away; waiting for it`);
      await wait(patience, undefined, { signal });
    }
  }

  async #find(folder: string, id: string): Promise<OwnRecipe | undefined> {
    const path = await this.shared.existing(folder).catch((error: unknown) => {
      if (error instanceof RevelaError && error.code === 'ERR_FILE_MISSING') return undefined;
      throw error;
    });
    const recipe = path === undefined ? undefined : await readRecipe(path, id);
    if (path === undefined || recipe === undefined) return undefined;
    const weights = recipe.weights && join(path, recipeFolder, recipe.weights.file);
    return { recipe, ...present({ weights }) };
  }

  /**
   * Does a picture.
   *
   * @returns why it cannot be done; `undefined` where its result is written
   * @throws Unable where this machine cannot do what the recipe says; what the signal says
   */
  async picture(
    { recipe, weights }: OwnRecipe,
    { input: place, output, sha256 }: FleetPicture,
    signal: AbortSignal,
  ): Promise<Omit<FailedWork, 'again'> | undefined> {
    const { device, threads, onDone, tell } = this.options;
    for (let told = false; ; told = true) {
      const paths = await this.#paths(place, output);
      if ('message' in paths) return paths;
      const came: Outcome = await this.workshop.make(
        { recipe, ...paths, place, sha256, ...present({ weights, device, threads }) },
        signal,
      );
      signal.throwIfAborted();
      if (came.outcome === 'made') {
        onDone?.({ ...paths, lost: came.lost });
        return undefined;
      }
      const { message, facts } = came.error;
      if (facts?.code !== 'ERR_DISK_FULL') {
        if (came.outcome === 'unable') throw new Unable(message, { cause: receivedError(came.error) });
        return { input: place, message: message.includes(paths.input) ? message : `${place}: ${message}` };
      }
      if (!told) tell?.(`${message}; waiting until there is space`);
      await wait(patience, undefined, { signal });
    }
  }

  async #paths(
    input: string,
    output: string,
  ): Promise<{ readonly input: string; readonly output: string } | Omit<FailedWork, 'again'>> {
    try {
      return { input: await this.shared.existing(input), output: await this.shared.future(output) };
    } catch (error) {
      if (!(error instanceof RevelaError)) throw error;
      return { input, message: error.message };
    }
  }
}
