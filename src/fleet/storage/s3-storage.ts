import {
  formatOfPath,
  type OutputPair,
  outputPath,
  type PictureFormat,
  type PictureSearch,
  type SearchOptions,
} from '../../api/index.js';
import { OutsideError } from '../../confined.js';
import { OptionError, RevelaError } from '../../errors.js';
import { present } from '../../present.js';
import { isInside } from '../job.js';
import { Bucket } from './bucket.js';
import { isS3, s3Address } from './s3-address.js';
import { Scratch } from './scratch.js';
import { type LocalFile, type LocalResult, placeIn, type SubmitStorage } from './storage.js';

/** A folder of a bucket in S3, or the whole bucket. */
export class S3Storage implements SubmitStorage {
  readonly #scratch = new Scratch();

  private constructor(
    readonly bucket: Bucket,
    /** The key of the folder; empty for the whole bucket. */
    readonly root: string,
  ) {}

  /**
   * @param name `s3://BUCKET` or `s3://BUCKET/FOLDER`
   * @param page how many keys of a list are asked for at once
   * @throws OptionError for what is no address; RevelaError as `Bucket.open`
   */
  static async at(name: string, signal: AbortSignal | undefined, page?: number): Promise<S3Storage> {
    const { bucket, key } = s3Address(name, 'shared');
    return new S3Storage(await Bucket.open(bucket, signal, page), key);
  }

  nameOf(place: string): string {
    return `s3://${this.bucket.name}/${this.#keyOf(place)}`;
  }

  read(place: string): Promise<string | undefined> {
    return this.bucket.text(this.#keyOf(place));
  }

  fetch(place: string): Promise<LocalFile> {
    return this.bucket.get(this.#keyOf(place), (chunks) => this.#scratch.copy(place, chunks));
  }

  result(place: string): Promise<LocalResult> {
    return this.#scratch.result(place, (content) => this.put(place, content));
  }

  /** What a key may do is known when it is tried; what is known before is whether copies can be made. */
  checkWritable(): Promise<void> {
    return this.#scratch.check();
  }

  async placeOf(name: string): Promise<string> {
    const { bucket, key } = this.#address(name);
    if (bucket === this.bucket.name) {
      if (key === this.root) return '.';
      if (this.root === '') return key;
      if (key.startsWith(`${this.root}/`)) return key.slice(this.root.length + 1);
    }
    throw new OutsideError(`${name} lies outside of ${this.nameOf('.')}, and only this may be used`, {
      code: 'ERR_ACCESS',
      path: name,
    });
  }

  futurePlaceOf(name: string): Promise<string> {
    return this.placeOf(name);
  }

  inside(folder: string, place: string): string {
    return `${folder.replace(/\/$/, '')}/${place}`;
  }

  async textOf(name: string): Promise<string> {
    const text = await this.read(await this.placeOf(name));
    if (text !== undefined) return text;
    throw new RevelaError(`${name} does not exist; check the spelling`, { code: 'ERR_FILE_MISSING' });
  }

  async search(names: readonly string[], options: SearchOptions): Promise<PictureSearch> {
    const found = new Map<string, PictureSearch['pictures'][number]>();
    for (const name of names)
      for (const picture of await this.#named(name, options)) found.set(picture.path, picture);
    return { pictures: [...found.values()], several: true, leftOut: { unreadable: [], text: undefined } };
  }

  async outputsOf(
    { pictures }: PictureSearch,
    folder: string,
    format: PictureFormat | undefined,
  ): Promise<readonly OutputPair[]> {
    const inputs = new Set(pictures.map(({ path }) => path));
    const taken = new Map<string, string>();
    return pictures.map(({ path: input, place }) => {
      const parts = place.split('/');
      const naming = { suffix: '', ...present({ format }) };
      const renamed = outputPath(parts.at(-1) ?? place, './', naming);
      const output = this.inside(folder, [...parts.slice(0, -1), renamed].join('/'));
      const other = taken.get(output);
      if (other !== undefined)
        throw new RevelaError(
          `${other} and ${input} would both be written to ${output}; submit them with different outputs`,
        );
      if (inputs.has(output))
        throw new RevelaError(
          `the result of ${input} would replace the input ${output}; choose another output`,
        );
      taken.set(output, input);
      return { input, output };
    });
  }

  async resultsIn(folder: string): Promise<(name: string) => boolean> {
    const names = new Set<string>();
    for await (const key of this.bucket.keys(await this.#prefixOf(folder), false))
      names.add(`s3://${this.bucket.name}/${key}`);
    return (name) => names.has(name);
  }

  put(place: string, content: Blob): Promise<void> {
    return this.bucket.put(this.#keyOf(place), content);
  }

  remove(place: string): Promise<void> {
    return this.bucket.remove(this.#keyOf(place));
  }

  async putOnce(place: string, text: string): Promise<string> {
    const there = await this.read(place);
    if (there !== undefined) return there;
    await this.put(place, new Blob([text]));
    return text;
  }

  async filesIn(folder: string): Promise<readonly string[]> {
    const prefix = `${this.#keyOf(folder)}/`;
    const names: string[] = [];
    for await (const key of this.bucket.keys(prefix, true)) names.push(key.slice(prefix.length));
    return names;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#scratch[Symbol.asyncDispose]();
  }

  #keyOf(place: string): string {
    if (place === '.') return this.root;
    return this.root === '' ? place : placeIn(this.root, place);
  }

  #address(name: string) {
    if (isS3(name)) return s3Address(name, 'shared');
    throw new OptionError(
      `${name} is no address in S3, and \`shared\` is one: pictures, lists and results all lie there, as in ${this.nameOf('shots')}`,
      { option: 'shared' },
    );
  }

  /** What all keys in a folder begin with. */
  async #prefixOf(folder: string): Promise<string> {
    const key = this.#keyOf(await this.placeOf(folder));
    return key === '' ? '' : `${key}/`;
  }

  /** The pictures of a folder, or the one of that name. */
  async #named(
    name: string,
    { recursive = false, exceptFolder }: SearchOptions,
  ): Promise<PictureSearch['pictures']> {
    const { key, isFolder } = this.#address(name);
    const place = await this.placeOf(name);
    if (!isFolder && (await this.bucket.has(key)))
      return [{ path: `s3://${this.bucket.name}/${key}`, place: place.split('/').at(-1) ?? place }];
    const prefix = await this.#prefixOf(name);
    const except = exceptFolder === undefined ? undefined : await this.#prefixOf(exceptFolder);
    const pictures: { readonly path: string; readonly place: string }[] = [];
    for await (const found of this.bucket.keys(prefix, !recursive)) {
      const inside = found.slice(prefix.length);
      const isResult = except !== undefined && except !== prefix && found.startsWith(except);
      const isHidden = inside.split('/').some((part) => part.startsWith('.'));
      if (isResult || isHidden || !isInside(inside) || formatOfPath(inside) === undefined) continue;
      pictures.push({ path: `s3://${this.bucket.name}/${found}`, place: inside });
    }
    if (pictures.length > 0) return pictures;
    throw new RevelaError(
      `there are no pictures in ${name}${recursive ? '' : ' (folders inside are searched only with `recursive`)'}: expected a picture, or a folder of pictures`,
      { code: 'ERR_FILE_MISSING', path: name },
    );
  }
}
