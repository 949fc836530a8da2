import type { AwsClient } from 'aws4fetch';
import { createHash } from 'node:crypto';
import { optionalPeers } from '../../optional-peers.js';
import { present } from '../../present.js';
import { ask, chunksOf } from './ask.js';
import { s3Failure, textsIn } from './s3-answer.js';
import { type S3Settings, s3Settings } from './s3-address.js';

/** Keys of a list that are asked for at once: as many as S3 gives. */
const usualPage = 1000;

/** What is asked for, besides the key. */
interface Request {
  readonly method: 'DELETE' | 'GET' | 'HEAD' | 'PUT';
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Blob;
}

/** A bucket of S3, or of a storage that speaks like it. */
export class Bucket {
  private constructor(
    readonly name: string,
    readonly settings: S3Settings,
    readonly client: AwsClient,
    readonly signal: AbortSignal | undefined,
    readonly page: number,
  ) {}

  /**
   * Prepares asking a bucket; nothing is asked yet.
   *
   * @throws RevelaError where aws4fetch is not installed, and as `s3Settings`
   */
  static async open(name: string, signal: AbortSignal | undefined, page = usualPage): Promise<Bucket> {
    const settings = s3Settings();
    const { AwsClient: Client } = await optionalPeers(
      'a fleet whose files lie in S3',
      ['aws4fetch'],
      () => import('aws4fetch'),
    );
    const { accessKeyId, secretAccessKey, sessionToken, region } = settings;
    const client = new Client({
      ...{ accessKeyId, secretAccessKey, region, service: 's3' },
      ...present({ sessionToken }),
    });
    return new Bucket(name, settings, client, signal, page);
  }

  /** What messages call the server. */
  get address(): string {
    return `S3 at ${this.#server.origin}`;
  }

  /** Whether there is something under a key. */
  async has(key: string): Promise<boolean> {
    return this.#unlessMissing(
      this.#ask(key, { method: 'HEAD' }, () => true),
      false,
    );
  }

  /** What is under a key, as text; `undefined` where nothing is. */
  async text(key: string): Promise<string | undefined> {
    const text = this.#ask(key, { method: 'GET' }, (response) => response.text());
    return this.#unlessMissing<string | undefined>(text, undefined);
  }

  /** What is under a key, handed over as it comes; from its beginning where it breaks off. */
  get<Taken>(key: string, take: (chunks: AsyncIterable<Uint8Array>) => Promise<Taken>): Promise<Taken> {
    return this.#ask(key, { method: 'GET' }, (response) => take(chunksOf(response, this.address)));
  }

  /** Puts something under a key, over what is there: S3 shows what was there before, or all of this. */
  async put(key: string, body: Blob): Promise<void> {
    const hash = createHash('sha256');
    for await (const chunk of body.stream()) hash.update(chunk);
    // The server checks that it has got what was sent.
    const headers = { 'x-amz-content-sha256': hash.digest('hex'), 'content-type': body.type };
    await this.#ask(key, { method: 'PUT', headers, body }, (response) => response.text());
  }

  /** Removes what is under a key, if anything is. */
  async remove(key: string): Promise<void> {
    await this.#unlessMissing(
      this.#ask(key, { method: 'DELETE' }, (response) => response.text()),
      '',
    );
  }

  /** The keys that begin with a prefix; with `flat`, those without a slash behind it. */
  async *keys(prefix: string, flat: boolean): AsyncGenerator<string, void, undefined> {
    for (let token: string | undefined; ; ) {
      const query = {
        ...{ 'list-type': '2', prefix, 'max-keys': String(this.page) },
        ...(flat ? { delimiter: '/' } : {}),
        ...present({ 'continuation-token': token }),
      };
      const xml = await this.#ask('', { method: 'GET', query }, (response) => response.text());
      yield* textsIn(xml, 'Key');
      [token] = textsIn(xml, 'NextContinuationToken');
      if (token === undefined || textsIn(xml, 'IsTruncated')[0] !== 'true') return;
    }
  }

  /** A server of one's own has buckets as folders; Amazon's has a name for each, unless a certificate would not cover it. */
  get #server(): URL {
    const { endpoint, region } = this.settings;
    if (endpoint !== undefined) return endpoint;
    const host = `s3.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
    return new URL(this.name.includes('.') ? `https://${host}` : `https://${this.name}.${host}`);
  }

  #url(key: string, query: Readonly<Record<string, string>> = {}): URL {
    const url = new URL(this.#server);
    const base = url.pathname.replace(/\/$/, '');
    const bucket = url.hostname.startsWith(`${this.name}.s3.`) ? [] : [this.name];
    const parts = key === '' ? bucket : [...bucket, ...key.split('/')];
    url.pathname = `${base}/${parts.map(encodeURIComponent).join('/')}`;
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url;
  }

  #ask<Taken>(
    key: string,
    { query, ...request }: Request,
    take: (response: Response) => Taken | Promise<Taken>,
  ): Promise<Taken> {
    const { address, name: bucket, signal, client } = this;
    const asked = { address, bucket, name: `s3://${bucket}/${key}`, region: this.settings.region };
    return ask({
      ...{ address, signal, take },
      send: async (stop) =>
        fetch(await client.sign(this.#url(key, query), { ...request, redirect: 'manual' }), { signal: stop }),
      failure: (response) => s3Failure(response, asked),
    });
  }

  async #unlessMissing<Found>(asking: Promise<Found>, otherwise: Found): Promise<Found> {
    try {
      return await asking;
    } catch (error) {
      if (isMissing(error)) return otherwise;
      throw error;
    }
  }
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_FILE_MISSING';
