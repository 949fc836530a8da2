import { afterAll, afterEach, beforeAll, beforeEach, vi } from 'vitest';
import { S3Storage } from '#src/fleet/storage/s3-storage.js';
import { temporaryFolder } from '../cli/command.js';
import { s3Key, type S3Server, s3Server } from './s3-server.js';

export const path = temporaryFolder();

export const { signal } = new AbortController();

export let server: S3Server;

beforeAll(async () => {
  server = await s3Server();
});

afterAll(() => server[Symbol.asyncDispose]());

beforeEach(() => {
  for (const name of ['AWS_SESSION_TOKEN', 'AWS_REGION', 'AWS_DEFAULT_REGION', 'AWS_ENDPOINT_URL'])
    vi.stubEnv(name, undefined);
  for (const [name, value] of Object.entries(s3Key)) vi.stubEnv(name, value);
  vi.stubEnv('AWS_ENDPOINT_URL_S3', server.endpoint);
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

export const open = (name = 's3://photos', page?: number) => S3Storage.at(name, signal, page);
