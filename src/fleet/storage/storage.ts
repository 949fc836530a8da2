import type { OutputPair, PictureFormat, PictureSearch, SearchOptions } from '../../api/index.js';
import { RevelaError } from '../../errors.js';

/** A storage that is away, busy or full: it helps to wait. */
export class StorageAway extends RevelaError {}

/** A storage that does not let this machine in, whatever is asked for: it does not help to wait. */
export class StorageRefusal extends RevelaError {}

/** A file of a storage as one of this machine: the file itself, or a copy, which goes when it is given back. */
export interface LocalFile extends AsyncDisposable {
  readonly path: string;
}

/** Where a result is written on this machine. */
export interface LocalResult extends LocalFile {
  /** Puts what was written into its place, over what is there: whole, or not at all. */
  keep(): Promise<void>;
}

/** Which job a result is of. */
export interface ResultOf {
  /** The folder of the results. */
  readonly folder: string;
  readonly recipe: string;
  /** The place of the picture that it is made from. */
  readonly input: string;
  /** That it was submitted; see `proofs.ts`. */
  readonly proof?: string | undefined;
}

/**
 * Where the pictures of a fleet lie, and their results, as its workers need it. Files are named by their places: paths inside of the storage,
 * with `/` between their parts.
 *
 * Whatever fails is a RevelaError: of the code `ERR_FILE_MISSING` for what is not there, a {@link StorageAway} or a {@link StorageRefusal}, or one
 * of this file alone.
 */
export interface FleetStorage extends AsyncDisposable {
  /** What people call a place: a path, an address. */
  nameOf(place: string): string;
  /**
   * The text of a small file, whose SHA-256 begins with this hash; `undefined` where it is not there. Whoever asks checks that it is what
   * the hash says.
   */
  read(place: string, hash: string): Promise<string | undefined>;
  /** A file by its place and SHA-256, as {@link read}. */
  fetch(place: string, sha256: string): Promise<LocalFile>;
  /**
   * Puts a file into its place, over what is there: whole, or not at all.
   *
   * @param proof that this machine may; where others write for it, they ask. See `proofs.ts`
   */
  put(place: string, content: Blob, proof?: string): Promise<void>;
  /** Where a result is to be written, and then put into its place. */
  result(place: string, of: ResultOf): Promise<LocalResult>;
  /** Fails where it is known before anything is written that this machine may not write results to a folder. */
  checkWritable(folder: string): Promise<void>;
}

/** The same, as it is submitted to: people name files by paths or addresses. */
export interface SubmitStorage extends FleetStorage {
  /** A file by its place alone: its hash is yet to be known. */
  fetch(place: string): Promise<LocalFile>;
  /**
   * The place of something that is there.
   *
   * @throws RevelaError where it is not; OutsideError where it lies outside
   */
  placeOf(name: string): Promise<string>;
  /** The place of something that may be yet to be, as {@link placeOf}. */
  futurePlaceOf(name: string): Promise<string>;
  /** The name of what lies in a folder that is named. */
  inside(folder: string, place: string): string;
  /** The text of a file. */
  textOf(name: string): Promise<string>;
  /** The pictures that names stand for. */
  search(names: readonly string[], options: SearchOptions): Promise<PictureSearch>;
  /** Where the results of pictures go, in a folder. */
  outputsOf(
    search: PictureSearch,
    folder: string,
    format: PictureFormat | undefined,
  ): Promise<readonly OutputPair[]>;
  /** What tells whether a result is in a folder, by its name. */
  resultsIn(folder: string): Promise<(name: string) => boolean | Promise<boolean>>;
  /** Removes a file, if it is there. */
  remove(place: string): Promise<void>;
  /** Puts a text into its place, where nothing is there; returns what is there then. */
  putOnce(place: string, text: string): Promise<string>;
  /** The names of the files in a folder, by its place. */
  filesIn(folder: string): Promise<readonly string[]>;
}

/** The place of something in a folder. */
export const placeIn = (folder: string, name: string): string =>
  folder === '.' ? name : `${folder}/${name}`;
