import { OptionError, RevelaError } from '../../errors.js';
import { present } from '../../present.js';
import { isInside } from '../job.js';

/** Where something lies in S3. */
export interface S3Address {
  readonly bucket: string;
  /** Without slashes at its ends; empty for the bucket itself. */
  readonly key: string;
  /** Whether it ends with a slash, and so means a folder. */
  readonly isFolder: boolean;
}

/** Whether a name is meant to be an address in S3. */
export const isS3 = (name: string): boolean => /^s3:/i.test(name);

/**
 * Reads `s3://BUCKET/KEY`.
 *
 * @param option the option that it is given by, for messages
 * @throws OptionError for what is none, and for keys that are no paths: with `..`, `//` or a backslash
 */
export function s3Address(name: string, option: string): S3Address {
  const [, bucket = '', rest = ''] = /^s3:\/\/([^/]*)\/?(.*)$/is.exec(name) ?? [];
  const key = rest.replace(/\/$/, '');
  if (!/^[a-z\d][\w.-]{1,253}[a-z\d]$/i.test(bucket) || (key !== '' && !isInside(key)))
    throw new OptionError(`\`${option}\` must be an address such as s3://BUCKET/FOLDER, got ${name}`, {
      option,
      received: name,
    });
  return { bucket, key, isFolder: key === '' || rest.endsWith('/') };
}

/** How S3 is reached. */
export interface S3Settings {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly region: string;
  /** Of a storage that is not Amazon's. */
  readonly endpoint?: URL;
}

/**
 * The settings of S3, from the variables of the environment that Amazon's own programs take: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`,
 * `AWS_SESSION_TOKEN`, `AWS_REGION` or `AWS_DEFAULT_REGION`, and `AWS_ENDPOINT_URL_S3` or `AWS_ENDPOINT_URL`.
 *
 * @throws RevelaError where there are no keys, or the endpoint is none
 */
export function s3Settings(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): S3Settings {
  const first = (...names: readonly string[]): string | undefined =>
    names.map((name) => environment[name]?.trim()).find((value) => value !== undefined && value !== '');
  const accessKeyId = first('AWS_ACCESS_KEY_ID');
  const secretAccessKey = first('AWS_SECRET_ACCESS_KEY');
  if (accessKeyId === undefined || secretAccessKey === undefined)
    throw new RevelaError(
      `S3 wants to know who asks: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY (${accessKeyId === undefined ? 'AWS_ACCESS_KEY_ID' : 'AWS_SECRET_ACCESS_KEY'} is missing)`,
      { code: 'ERR_ACCESS' },
    );
  return {
    ...{ accessKeyId, secretAccessKey, region: first('AWS_REGION', 'AWS_DEFAULT_REGION') ?? 'us-east-1' },
    ...present({
      sessionToken: first('AWS_SESSION_TOKEN'),
      endpoint: endpointIn(first('AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL')),
    }),
  };
}

function endpointIn(text: string | undefined): URL | undefined {
  if (text === undefined) return undefined;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.search === '')
    return url;
  throw new RevelaError(
    `AWS_ENDPOINT_URL_S3 (or AWS_ENDPOINT_URL) must be an address such as https://storage.lan:9000, got ${text}`,
  );
}
