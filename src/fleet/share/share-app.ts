import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { Readable } from 'node:stream';
import type { Context, Hono } from 'hono';
import { fileSha256 } from '../../api/index.js';
import { OutsideError } from '../../confined.js';
import { RevelaError } from '../../errors.js';
import { fileError } from '../../file-errors.js';
import { checkReplacesNone } from '../../file-identity.js';
import { makeFolder } from '../../make-folder.js';
import { packageVersion } from '../../package-version.js';
import { holderOf, type Tokens } from '../../tokens.js';
import { writeBeside } from '../../write-beside.js';
import { isFleets, isInside } from '../job.js';
import { isMember, isProven } from '../proofs.js';
import { readRecipe } from '../recipe.js';
import { digestHeader, filesPath, versionHeader } from '../storage/share-protocol.js';
import type { ShareProblem } from '../storage/share-storage.js';
import type { SharedFolder } from '../storage/shared-folder.js';
import { present } from '../../present.js';

/** A question that is answered with an error. */
class Refused extends Error {
  constructor(
    readonly status: 400 | 401 | 403 | 404 | 409 | 426 | 500 | 507,
    message: string,
    readonly code?: string,
  ) {
    super(message);
  }
}

/** What the sharing of a folder consists of. */
export interface Shared {
  readonly folder: SharedFolder;
  /** Who may ask; `undefined`: anyone. */
  readonly tokens: Tokens | undefined;
  /** Hears of each result that came, and of what failed. */
  readonly tell: (line: string) => void;
}

/**
 * Answers the questions of workers: a file by its place, to those who know its hash; and takes results that were submitted, which are written
 * beside their places and renamed, into folders with the recipe that the worker names. Of who takes part in a training it takes what was found,
 * under its hash, into the rounds of that training.
 */
export function shareApp(App: typeof Hono, { folder, tokens, tell }: Shared): Hono {
  const app = new App();
  app.use(async (context, next) => {
    const own = packageVersion();
    context.header(versionHeader, own);
    if (tokens !== undefined && holderOf(tokens, context.req.header('Authorization')) === undefined)
      throw new Refused(401, 'this needs the header Authorization: Bearer TOKEN with a token that is known');
    const theirs = context.req.header(versionHeader);
    if (theirs !== undefined && theirs !== own)
      throw new Refused(
        426,
        `the folder is shared by revela ${own}, and this is ${theirs}: install the same version on all machines`,
      );
    await next();
  });
  app.get(`${filesPath}:place{.+}`, (context) => give(context, folder));
  app.put(`${filesPath}:place{.+}`, async (context) => {
    const place = await take(context, folder);
    tell(`Took ${folder.nameOf(place)}`);
    return context.body(null, 204);
  });
  app.notFound((context) => {
    context.header(versionHeader, packageVersion());
    return context.json({ message: 'there is nothing here' } satisfies ShareProblem, 404);
  });
  app.onError((error, context) => {
    const { status, message: whole, code } = refusalOf(error);
    // What is wrong here, and not with what was asked.
    if (status >= 500 || code === 'ERR_ACCESS') tell(whole);
    // Where the folder lies on this machine is nobody's business.
    const message = whole.replaceAll(join(folder.root, sep), '').replaceAll(folder.root, 'the folder');
    context.header(versionHeader, packageVersion());
    return context.json({ message, ...present({ code }) } satisfies ShareProblem, status);
  });
  return app;
}

async function give(context: Context, folder: SharedFolder): Promise<Response> {
  const place = placeIn(context.req.param('place'), 'the path');
  const hash = context.req.query('sha256') ?? '';
  if (!/^[\da-f]{32,64}$/.test(hash))
    throw new Refused(400, 'a file is given to who knows its hash: name it by sha256');
  const path = await folder.existing(place);
  // Of what is there now, so that a worker gets what was submitted, or is told.
  if (!(await fileSha256(path)).startsWith(hash))
    throw new Refused(409, `${place} was changed since it was submitted; submit it again`);
  const headers = { 'Content-Type': 'application/octet-stream' };
  // Nobody would read it, and the file would stay open.
  if (context.req.method === 'HEAD') return context.body(null, 200, headers);
  return context.body(Readable.toWeb(createReadStream(path)), 200, headers);
}

/** Writes a result. */
async function take(context: Context, folder: SharedFolder): Promise<string> {
  const query = (name: string): string => placeIn(context.req.query(name), name);
  const place = placeIn(context.req.param('place'), 'the path');
  if (context.req.query('recipe') === undefined) return takeFound(context, folder, place);
  const [results, input] = [query('folder'), query('input')];
  const begin = results === '.' ? '' : `${results}/`;
  if (!place.startsWith(begin)) throw new Refused(403, `${place} is no place for a result in ${results}`);
  const recipe = context.req.query('recipe') ?? '';
  if (!/^[\da-f]{32}$/.test(recipe) || (await readRecipe(folder, results, recipe)) === undefined)
    throw new Refused(403, `${results} is no folder of results of the recipe that was named`);
  const proof = context.req.query('proof');
  if (!(await isProven(folder, results, recipe, { input, output: place, ...present({ proof }) })))
    throw new Refused(403, `${place} was not submitted as a result of ${input}`);
  const path = await folder.future(place);
  if (isFleets(await folder.futurePlaceOf(path)))
    throw new Refused(403, `${place} is no place for a result: fleets keep their own there`);
  await checkReplacesNone([path], [await folder.future(input)], 'picture');
  await write(context, path);
  return place;
}

/** Writes what a member of a training found, into the rounds of that training, under its hash. */
async function takeFound(context: Context, folder: SharedFolder, place: string): Promise<string> {
  const [, rounds = '', , sha256] = /^((.+\/)?rounds)\/([\da-f]{64})\.safetensors$/.exec(place) ?? [];
  const proof = context.req.query('proof') ?? '';
  if (sha256 === undefined || !(await isMember(folder, rounds, proof)))
    throw new Refused(403, `${place} is no place that is known to be written to by who asks`);
  if (context.req.header('Content-Digest') !== digestHeader(Buffer.from(sha256, 'hex')))
    throw new Refused(400, `${place} must hold what its name says`);
  await write(context, await folder.future(place));
  return place;
}

/** Writes the body of a request. */
async function write(context: Context, path: string): Promise<void> {
  const digest = context.req.header('Content-Digest');
  if (digest === undefined) throw new Refused(400, 'a result comes with its hash: send Content-Digest');
  const { body } = context.req.raw;
  if (body === null) throw new Refused(400, 'a result is the body of the request: it is empty');
  try {
    await makeFolder(dirname(path));
    await writeBeside(path, checkedChunks(body, digest));
  } catch (error) {
    throw fileError(`cannot write ${path}`, error);
  }
}

/** The bytes of a body; what is not what its hash says fails before it gets a name. */
async function* checkedChunks(body: AsyncIterable<Uint8Array>, digest: string): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  for await (const chunk of body) {
    hash.update(chunk);
    yield chunk;
  }
  if (digestHeader(hash.digest()) !== digest)
    throw new Refused(500, 'what came is not what was sent; send it again');
}

function placeIn(text: string | undefined, name: string): string {
  if (text !== undefined && isInside(text)) return text;
  throw new Refused(400, `${name} must be a path inside of the folder that is shared`);
}

function refusalOf(error: Error): Refused {
  if (error instanceof Refused) return error;
  if (!(error instanceof RevelaError)) return new Refused(500, `cannot go on: ${error.message}`);
  const { code, message } = error;
  if (error instanceof OutsideError) return new Refused(403, message);
  if (code === 'ERR_FILE_MISSING') return new Refused(404, message, code);
  if (code === 'ERR_ACCESS') return new Refused(403, message, code);
  if (code === 'ERR_DISK_FULL') return new Refused(507, message, code);
  return new Refused(code === 'ERR_FILE' ? 500 : 409, message, code);
}
