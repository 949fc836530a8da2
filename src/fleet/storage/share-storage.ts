import { createHash } from 'node:crypto';
import { type InferOutput, object, optional, string } from 'valibot';
import { OptionError, RevelaError } from '../../errors.js';
import { readJson } from '../../options/index.js';
import { packageVersion } from '../../package-version.js';
import { present } from '../../present.js';
import { aboutOf, wordsOf } from './answers.js';
import { ask, chunksOf } from './ask.js';
import { digestHeader, pathOf, versionHeader } from './share-protocol.js';
import { Scratch } from './scratch.js';
import {
  type FleetStorage,
  type LocalFile,
  type LocalResult,
  type ResultOf,
  StorageAway,
  StorageRefusal,
} from './storage.js';

const problemSchema = object({ message: string(), code: optional(string()) });

/** The body of an answer that is an error. */
export type ShareProblem = Readonly<InferOutput<typeof problemSchema>>;

/** How it is asked. */
interface Asked {
  readonly query: Readonly<Record<string, string>>;
  readonly init?: { readonly method: 'PUT'; readonly body: Blob; readonly headers: Record<string, string> };
}

/** The folder that `revela fleet share` on another machine gives to workers over HTTP: pictures by their hashes, and places for results. */
export class ShareStorage implements FleetStorage {
  readonly #scratch = new Scratch();

  private constructor(
    /** Without a slash at its end. */
    readonly address: string,
    readonly token: string | undefined,
    readonly signal: AbortSignal | undefined,
  ) {}

  /**
   * @param name `http://HOST:PORT` or `https://…`
   * @throws OptionError for what is no such address
   */
  static at(name: string, token: string | undefined, signal: AbortSignal | undefined): ShareStorage {
    const url = URL.canParse(name) ? new URL(name) : undefined;
    if (url === undefined || url.search !== '' || url.hash !== '' || url.username !== '')
      throw new OptionError(
        `\`shared\` must be a folder, s3://BUCKET/FOLDER or an address such as http://queue.lan:8788, got ${name}`,
        { option: 'shared' },
      );
    return new ShareStorage(url.href.replace(/\/$/, ''), token, signal);
  }

  nameOf(place: string): string {
    return `${this.address}${pathOf(place)}`;
  }

  async read(place: string, hash: string): Promise<string | undefined> {
    try {
      return await this.#ask(place, { query: { sha256: hash } }, (response) => response.text());
    } catch (error) {
      if (error instanceof RevelaError && error.code === 'ERR_FILE_MISSING') return undefined;
      throw error;
    }
  }

  fetch(place: string, sha256: string): Promise<LocalFile> {
    return this.#ask(place, { query: { sha256 } }, (response) =>
      this.#scratch.copy(place, chunksOf(response, this.address)),
    );
  }

  result(place: string, { folder, recipe, input, proof = '' }: ResultOf): Promise<LocalResult> {
    return this.#scratch.result(place, (body) => this.#put(place, { folder, recipe, input, proof }, body));
  }

  put(place: string, content: Blob, proof = ''): Promise<void> {
    return this.#put(place, { proof }, content);
  }

  /** What this machine may do there is known when it is tried; what is known before is whether copies can be made. */
  checkWritable(): Promise<void> {
    return this.#scratch.check();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#scratch[Symbol.asyncDispose]();
  }

  async #put(place: string, query: Asked['query'], body: Blob): Promise<void> {
    const hash = createHash('sha256');
    for await (const chunk of body.stream()) hash.update(chunk);
    const headers = { 'Content-Digest': digestHeader(hash.digest()), 'Content-Type': body.type };
    await this.#ask(place, { query, init: { method: 'PUT', body, headers } }, (response) => response.text());
  }

  #ask<Taken>(
    place: string,
    { query, init }: Asked,
    take: (response: Response) => Promise<Taken>,
  ): Promise<Taken> {
    const { address, signal } = this;
    const method = init?.method ?? 'GET';
    const url = `${address}${pathOf(place)}?${new URLSearchParams(query).toString()}`;
    const headers = {
      ...init?.headers,
      ...present({ Authorization: this.token === undefined ? undefined : `Bearer ${this.token}` }),
      [versionHeader]: packageVersion(),
    };
    return ask({
      ...{ address, signal },
      // The token is for this address and no other.
      send: (stop) => fetch(url, { ...init, headers, signal: stop, redirect: 'manual' }),
      take: async (response) => {
        if (!response.headers.has(versionHeader)) throw await this.#failure(response, method);
        return take(response);
      },
      failure: (response) => this.#failure(response, method),
    });
  }

  async #failure(response: Response, method: string): Promise<RevelaError> {
    const { status } = response;
    const { address } = this;
    const isShare = response.headers.has(versionHeader);
    const told = readJson(problemSchema, await response.text().catch(() => ''));
    const line = `${address}: ${told?.message ?? `answers ${status}`}`;
    const about = aboutOf(status, isShare ? 'share' : 'elsewhere');
    if (about === 'full' || told?.code === 'ERR_DISK_FULL')
      return new StorageAway(line, { code: 'ERR_DISK_FULL' });
    if (about === 'moment') return new StorageAway(line);
    if (!isShare && about !== 'file')
      return new StorageRefusal(
        `${address} answers ${status}, and is no \`revela fleet share\`: check the address in \`shared\``,
      );
    if (status === 401)
      return new StorageRefusal(
        `${address} lets in who has a token${this.token === undefined ? '' : ', and this one is not known there'}: give its file by \`tokenFile\``,
        { code: 'ERR_ACCESS' },
      );
    // Where one result cannot be written for want of permission, the next one cannot either.
    if (about === 'machine' || (method === 'PUT' && told?.code === 'ERR_ACCESS'))
      return new StorageRefusal(line, { code: told?.code === 'ERR_ACCESS' ? 'ERR_ACCESS' : 'ERR_FAILED' });
    // The rest is about this file alone.
    if (status === 413) return new RevelaError(`${line}${wordsOf(413)}`, { code: 'ERR_TOO_LARGE' });
    return new RevelaError(line, {
      code: about === 'missing' ? 'ERR_FILE_MISSING' : status === 403 ? 'ERR_ACCESS' : 'ERR_FAILED',
    });
  }
}
