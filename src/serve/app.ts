import { randomUUID } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import type { Context, Hono } from 'hono';
import { measureNames, measures, referenceMeasures } from '../api/index.js';
import { optionError } from '../errors.js';
import { packageVersion } from '../package-version.js';
import { answerBody } from './answer-body.js';
import { arrive, fingerprintOf, type Gate } from './arrive.js';
import type { Job } from './job.js';
import type { Jobs } from './jobs.js';
import type { Operation, Operations } from './operations.js';
import { openApi } from './openapi.js';
import { pageFile, pagePaths } from './page.js';
import { givenOptions } from './parameters.js';
import type { HttpPeers } from './peers.js';
import { problemOf, Refusal } from './problem.js';
import type { Tokens } from '../tokens.js';
import { bearerOf } from './tokens.js';

/** Milliseconds after which who watches a job hears that the service still lives. */
const heartbeat = 15_000;

/** What Hono knows of a request. */
interface Environment {
  readonly Bindings: HttpBindings;
  readonly Variables: { readonly client: string };
}

type Call = Context<Environment>;

/** What the routes work with. */
export interface AppParts {
  readonly jobs: Jobs;
  readonly operations: Operations;
  readonly gate: Gate;
  readonly tokens: Tokens | undefined;
}

/** The routes of a service. */
export function createApp({ Hono: Routes, streamSSE }: HttpPeers, parts: AppParts): Hono<Environment> {
  const { jobs, operations, tokens } = parts;
  const app = new Routes<Environment>();

  app.get('/healthz', (call) => call.text('ok\n'));
  app.get('/readyz', (call) => {
    if (jobs.isEnding) return call.text('ending\n', 503);
    if (!jobs.queue.isThere) return call.text('the queue is away\n', 503);
    return jobs.places.isFull ? call.text('full\n', 503) : call.text('ready\n');
  });

  // What says how to ask is no secret.
  app.get('/openapi.json', (call) => call.json(openApi(operations)));
  for (const path of pagePaths) app.get(path, async () => pageFile(path));

  app.use(async (call, next) => {
    call.set(
      'client',
      tokens === undefined
        ? (call.env?.incoming?.socket.remoteAddress ?? 'local')
        : bearerOf(tokens, call.req.header('Authorization')),
    );
    await next();
  });

  app.get('/metrics', (call) => {
    const { kept, queue, places } = jobs;
    const gauges = { waiting: places.waiting, active: queue.active, kept, storedBytes: jobs.spool.bytes };
    return call.text(jobs.metrics.text(gauges), 200, { 'Content-Type': 'text/plain; version=0.0.4' });
  });
  app.get('/v1/models', (call) => call.json(modelsShown(operations)));

  for (const [name, operation] of Object.entries(operations))
    app.post(`/v1/${name}`, async (call) => {
      const given = givenOptions(new URL(call.req.url).searchParams, call.req.raw.headers);
      const attended = !/\brespond-async\b/i.test(call.req.header('Prefer') ?? '');
      const job = await taken(call, parts, { id: randomUUID(), name, operation, given, attended });
      if (attended) return settled(call, parts, job);
      call.header('Preference-Applied', 'respond-async');
      return shown(call, job);
    });

  app.put('/v1/jobs/:id', async (call) => {
    const id = call.req.param('id');
    if (!/^[\w.-]{1,128}$/.test(id))
      throw optionError('id', '1 to 128 letters, digits, dots, dashes and underscores', id.slice(0, 60));
    const given = new Map(givenOptions(new URL(call.req.url).searchParams, call.req.raw.headers));
    const name = given.get('operation') ?? '';
    given.delete('operation');
    const operation = Object.hasOwn(operations, name) ? operations[name] : undefined;
    if (operation === undefined)
      throw optionError('operation', `one of ${Object.keys(operations).join(', ')}`, name.slice(0, 60));
    const job = await taken(call, parts, { id, name, operation, given, attended: false });
    return shown(call, job);
  });

  const jobOf = async (call: Call): Promise<Job> => {
    const job = await jobs.find(call.var.client, call.req.param('id') ?? '');
    if (job !== undefined) return job;
    throw new Refusal(404, 'ERR_NOT_FOUND', 'there is no such job; results are kept for a while only');
  };
  app.get('/v1/jobs/:id', async (call) => call.json((await jobOf(call)).shown()));
  app.delete('/v1/jobs/:id', async (call) => {
    const job = await jobOf(call);
    if (job.isOver) await jobs.forget(job);
    else await jobs.cancel(job);
    return call.json(job.shown());
  });
  app.get('/v1/jobs/:id/result', async (call) => {
    const job = await jobOf(call);
    if (!job.isOver)
      throw new Refusal(409, 'ERR_CONFLICT', `the job is ${job.state}; its result is not there yet`);
    return answered(call, parts, job, () => undefined);
  });
  app.get('/v1/jobs/:id/events', async (call) => {
    const job = await jobOf(call);
    if (call.req.method === 'HEAD') return call.body(null, 200, { 'Content-Type': 'text/event-stream' });
    // Proxies would keep events until there are many.
    call.header('X-Accel-Buffering', 'no');
    return streamSSE(call, async (stream) => {
      const gone = new AbortController();
      stream.onAbort(() => gone.abort());
      while (!gone.signal.aborted) {
        const { version, isOver, state } = job;
        await stream.writeSSE({ event: state, data: JSON.stringify(job.shown()) });
        if (isOver) return;
        const enough = AbortSignal.any([gone.signal, AbortSignal.timeout(heartbeat)]);
        if (job.version === version) await job.nextChange(enough).catch(() => undefined);
      }
    });
  });

  app.notFound(() => {
    throw new Refusal(404, 'ERR_NOT_FOUND', 'nothing is here; /openapi.json says what is');
  });
  app.onError((error) => {
    const problem = problemOf(error);
    jobs.metrics.refused(problem.code);
    const headers = error instanceof Refusal ? error.headers : {};
    return problemAnswer(problem.status, problem, headers);
  });
  return app;
}

/** What a request asks for. */
interface Asked {
  readonly id: string;
  readonly name: string;
  readonly operation: Operation;
  readonly given: ReadonlyMap<string, string>;
  readonly attended: boolean;
}

/** Takes in a request's pictures as a job; where the job is there already, as it is. */
async function taken(
  call: Call,
  { jobs, gate }: AppParts,
  { id, name, operation, given, attended }: Asked,
): Promise<Job> {
  const { client } = call.var;
  operation.work(given); // refuses options before a byte is read
  // Also for an id that is known: what comes under it costs as much as any other request.
  const place = jobs.takePlace(client);
  let files: readonly string[] = [];
  try {
    const arrived = await arrive(call.req.raw, operation, gate);
    files = arrived.files;
    jobs.metrics.received(arrived.bytes);
    const fingerprint = fingerprintOf(name, given, arrived);
    const request = { id, client, operation: name, given, files, fingerprint, attended };
    const job = (await jobs.find(client, id)) ?? (await jobs.add(request, place));
    if (job.request === request) return job;
    if (job.request.fingerprint !== fingerprint)
      throw new Refusal(409, 'ERR_CONFLICT', 'this id is that of another job; choose another one');
    place.free();
    await gate.spool.remove(...files);
    return job;
  } catch (error) {
    place.free();
    await gate.spool.remove(...files);
    throw error;
  }
}

/** Waits for a job, answers with its result and forgets it; who goes away takes the job along. */
async function settled(call: Call, parts: AppParts, job: Job): Promise<Response> {
  const { jobs } = parts;
  const { signal } = call.req.raw;
  const leave = (): void => void jobs.cancel(job).catch(() => undefined);
  signal.addEventListener('abort', leave, { once: true });
  if (signal.aborted) leave();
  await job.over();
  signal.removeEventListener('abort', leave);
  return answered(call, parts, job, () => void jobs.forget(job).catch(() => undefined));
}

/** The result of a job that is over, or why there is none. */
async function answered(call: Call, { gate }: AppParts, job: Job, ended: () => void): Promise<Response> {
  const { result, problem } = job;
  const id = { 'Revela-Job': job.request.id };
  if (result === undefined) {
    ended();
    return problemAnswer(problem?.status ?? 500, problem, id);
  }
  const headers = {
    ...result.headers,
    ...id,
    'Content-Type': result.type,
    'Content-Length': String(result.bytes),
  };
  // Hono lets routes of GET answer HEAD, and takes no byte of their bodies.
  if (call.req.method === 'HEAD') return new Response(null, { headers });
  const signal = AbortSignal.any([
    call.req.raw.signal,
    AbortSignal.timeout(gate.limits.transferSeconds * 1000),
  ]);
  return new Response(await answerBody(result.path, signal, ended), { headers });
}

function problemAnswer(
  status: number,
  problem: unknown,
  headers: Readonly<Record<string, string>>,
): Response {
  return new Response(`${JSON.stringify(problem)}\n`, {
    status,
    headers: { ...headers, 'Content-Type': 'application/problem+json' },
  });
}

/** A job, and where it is: by a path from that of the request, so that it holds behind a proxy that serves this under a folder, too. */
function shown(call: Call, job: Job): Response {
  const { id } = job.request;
  call.header('Location', call.req.path.startsWith('/v1/jobs/') ? id : `jobs/${id}`);
  return call.json(job.shown(), job.isOver ? 200 : 202);
}

/** What computes: the weights that operations choose among, and the measures. */
function modelsShown(operations: Operations): object {
  const weights = Object.entries(operations).flatMap(([name, { parameters }]) => {
    const choices = parameters['weights']?.choices;
    return choices === undefined ? [] : [[name, choices] as const];
  });
  return {
    version: packageVersion(),
    ...Object.fromEntries(weights),
    score: measureNames.map((name) => measures[name]),
    compare: referenceMeasures,
  };
}
