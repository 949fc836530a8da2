import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { aboutOf } from '#src/fleet/storage/answers.js';
import { S3Storage } from '#src/fleet/storage/s3-storage.js';
import { ShareStorage } from '#src/fleet/storage/share-storage.js';
import { StorageAway, StorageRefusal } from '#src/fleet/storage/storage.js';
import { RevelaError } from '#src/errors.js';
import { packageVersion } from '#src/package-version.js';
import { listening, s3Key } from './s3-server.js';

beforeEach(() => {
  for (const [name, value] of Object.entries(s3Key)) vi.stubEnv(name, value);
  vi.stubEnv('AWS_SESSION_TOKEN', undefined);
});
afterEach(() => void vi.unstubAllEnvs());

/** What came of a question: for whom it holds. */
async function kindOf(asking: Promise<unknown>): Promise<string> {
  const error: unknown = await asking.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  if (error instanceof StorageAway) return 'moment';
  if (error instanceof StorageRefusal) return 'machine';
  return error instanceof RevelaError ? (error.code === 'ERR_FILE_MISSING' ? 'missing' : 'file') : 'none';
}

it('what is temporary is waited for, what is about a file fails that alone, and the rest is about the machine', () => {
  const told = (from: 'elsewhere' | 'share', ...statuses: readonly number[]) =>
    statuses.map((status) => aboutOf(status, from));
  expect(told('elsewhere', 401, 402, 403, 405, 407, 411, 418, 426, 501)).toEqual(Array(9).fill('machine'));
  expect(told('elsewhere', 408, 409, 423, 425, 429, 500, 502, 503, 504)).toEqual(Array(9).fill('moment'));
  for (const from of ['elsewhere', 'share'] as const)
    expect(told(from, 404, 413, 414, 451, 507)).toEqual(['missing', 'file', 'file', 'file', 'full']);
  expect(told('share', 400, 401, 403, 409, 426)).toEqual(['file', 'machine', 'file', 'file', 'machine']);
});

it.each([
  [413, 'file', 'file'],
  [405, 'machine', 'machine'],
  [403, 'machine', 'machine'],
  [404, 'missing', 'machine'],
  [409, 'moment', 'moment'],
])(
  'an answer of %i from a proxy is about the %s where S3 is asked, and about the %s where a share is',
  async (status, ofS3, ofShare) => {
    await using proxy = await listening(
      createServer((question, answer) => {
        question.resume().on('end', () => answer.writeHead(status).end('<html>'));
      }),
    );
    vi.stubEnv('AWS_ENDPOINT_URL_S3', proxy.endpoint);
    await using s3 = await S3Storage.at('s3://photos', undefined);
    expect(await kindOf(s3.put('a.png', new Blob(['result'])))).toBe(ofS3);
    await using share = ShareStorage.at(proxy.endpoint, undefined, undefined);
    expect(await kindOf(share.fetch('a.png', '0'.repeat(64)))).toBe(ofShare);
  },
  60_000,
);

it('says of a result that a proxy does not take that it is too large for it', async () => {
  await using proxy = await listening(
    createServer((question, answer) => {
      question.resume().on('end', () => answer.writeHead(413).end('<html>'));
    }),
  );
  vi.stubEnv('AWS_ENDPOINT_URL_S3', proxy.endpoint);
  await using s3 = await S3Storage.at('s3://photos', undefined);
  const line =
    /answers 413 \(it is larger than the server, or a proxy before it, takes: let that take more\)$/;
  await expect(s3.put('a.png', new Blob(['result']))).rejects.toThrow(line);
  await using share = ShareStorage.at(proxy.endpoint, undefined, undefined);
  await expect(share.fetch('a.png', '0'.repeat(64))).rejects.toThrow(line);
});

it.each([
  [403, 'ERR_ACCESS', 'GET', 'file'],
  [403, 'ERR_ACCESS', 'PUT', 'machine'],
  [403, 'ERR_FAILED', 'PUT', 'file'],
  [409, 'ERR_FAILED', 'GET', 'file'],
  [426, 'ERR_FAILED', 'GET', 'machine'],
])('an answer of %i %s of a share to a %s is about the %s', async (status, code, method, about) => {
  await using server = await listening(
    createServer((question, answer) => {
      answer.setHeader('Revela-Version', packageVersion());
      question
        .resume()
        .on('end', () => answer.writeHead(status).end(JSON.stringify({ message: 'no', code })));
    }),
  );
  await using share = ShareStorage.at(server.endpoint, undefined, undefined);
  const put = async (): Promise<void> => {
    await using result = await share.result('clean/a.png', { folder: 'clean', recipe: '', input: 'a.png' });
    await writeFile(result.path, 'result');
    await result.keep();
  };
  expect(await kindOf(method === 'PUT' ? put() : share.fetch('a.png', '0'.repeat(64)))).toBe(about);
});
