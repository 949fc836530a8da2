import { OptionError } from '../../errors.js';
import { isS3, s3Address } from './s3-address.js';
import { S3Storage } from './s3-storage.js';
import { ShareStorage } from './share-storage.js';
import { SharedFolder } from './shared-folder.js';
import type { FleetStorage, SubmitStorage } from './storage.js';

/** Where a fleet's files lie. */
export interface StorageChoices {
  /** A folder, `s3://BUCKET/FOLDER`, or the address of `revela fleet share`; default: the current folder. */
  readonly shared?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens what a worker's files lie in.
 *
 * @throws OptionError for what is none; RevelaError for a folder that is not there, and S3 without credentials
 */
export async function openStorage({
  shared = '.',
  token,
  signal,
}: StorageChoices & { readonly token?: string | undefined }): Promise<FleetStorage> {
  if (isHttp(shared)) return ShareStorage.at(shared, token, signal);
  if (token !== undefined)
    throw new OptionError('a token is for the address of a `revela fleet share`: name it by `shared`');
  return openOwn(shared, signal);
}

/**
 * Opens what is submitted to.
 *
 * @param names those of pictures, for what they have to do with it
 * @throws OptionError also where pictures, results and `shared` do not lie in one storage
 */
export async function openSubmitStorage(
  names: readonly string[],
  { shared, output, signal }: StorageChoices & { readonly output: string },
): Promise<SubmitStorage> {
  if (shared !== undefined && isHttp(shared))
    throw new OptionError(`\`shared\` ${shared} is for workers: submit where the folder is, and name that`);
  if (shared === undefined && isS3(output))
    return S3Storage.at(`s3://${s3Address(output, 'output').bucket}`, signal);
  const inS3 = [...names, output].find(isS3);
  if (inS3 !== undefined && !isS3(shared ?? '.'))
    throw new OptionError(
      `${inS3} is in S3: pictures and results lie there together, so give an \`output\` s3://BUCKET/FOLDER`,
      { option: 'output' },
    );
  return openOwn(shared ?? '.', signal);
}

/**
 * Opens what the one who hands out a training shares with those who take part.
 *
 * @throws OptionError for what is none
 */
export async function openTeamStorage({ shared = '.', signal }: StorageChoices): Promise<SubmitStorage> {
  if (isHttp(shared))
    throw new OptionError(
      `\`shared\` ${shared} is for those who take part: train where the folder is, and name that`,
      { option: 'shared' },
    );
  return openOwn(shared, signal);
}

async function openOwn(shared: string, signal: AbortSignal | undefined): Promise<SubmitStorage> {
  if (isS3(shared)) return S3Storage.at(shared, signal);
  if (/^[a-z][a-z\d+.-]+:\/\//i.test(shared))
    throw new OptionError(
      `\`shared\` must be a folder, s3://BUCKET/FOLDER or, for workers, http://HOST:PORT, got ${shared}`,
      { option: 'shared' },
    );
  return SharedFolder.at(shared);
}

const isHttp = (name: string): boolean => /^https?:\/\//i.test(name);
