import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The key that it lets in. */
export const s3Key = { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' };

export interface S3Server extends AsyncDisposable {
  readonly endpoint: string;
  readonly port: number;
}

/** Starts s3rver, which checks signatures and clocks as Amazon's does, on a free port, with the bucket `photos`. */
export async function s3Server(): Promise<S3Server> {
  const folder = await mkdtemp(join(tmpdir(), 'revela-s3-'));
  const options = {
    ...{ directory: folder, address: '127.0.0.1', port: 0, silent: true, vhostBuckets: false },
    configureBuckets: [{ name: 'photos' }],
  };
  const program = `new (require('@20minutes/s3rver'))(${JSON.stringify(options)}).run().then(({ port }) => console.log(port))`;
  // Its tokens for the next page are made by a cipher that OpenSSL has as a legacy.
  const child = spawn(process.execPath, ['--openssl-legacy-provider', '--eval', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const [line] = await Promise.race([
    once(child.stdout, 'data'),
    ended.then(() => Promise.reject(new Error('s3rver did not start'))),
  ]);
  const port = Number(String(line));
  return {
    ...{ port, endpoint: `http://127.0.0.1:${port}` },
    async [Symbol.asyncDispose]() {
      child.kill();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Answers instead of the server behind, or does not. */
export type Interference = (question: IncomingMessage, answer: ServerResponse) => boolean;

/** A server in front of another one, where some answers go wrong. */
export async function interferingServer(port: number, interfere: Interference): Promise<S3Server> {
  const server = createServer((question, answer) => {
    if (interfere(question, answer)) return void question.resume();
    const { method, url, headers } = question;
    const behind = request({ host: '127.0.0.1', port, method, path: url, headers }, (reply) => {
      answer.writeHead(reply.statusCode ?? 500, reply.headers);
      reply.pipe(answer);
    });
    question.pipe(behind);
  });
  return listening(server);
}

export async function listening(server: Server): Promise<S3Server> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    ...{ port, endpoint: `http://127.0.0.1:${port}` },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
