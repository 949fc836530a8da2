import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readPicture, score } from 'revela';
import { Confined } from '#src/confined.js';
import { Engine } from '#src/serve/engine.js';
import { callTool } from '#src/serve/mcp-tools.js';
import { expectRefusal, photograph, revela, temporaryFolder } from '../cli/command.js';
import { program } from '../program.js';

const path = temporaryFolder();
const client = new Client({ name: 'test', version: '1' });

beforeAll(async () => {
  mkdirSync(path('photos', 'out'), { recursive: true });
  await photograph(230, 110).png().toFile(path('photos', 'a.png'));
  await photograph(60, 50).png().toFile(path('secret.png'));
  symlinkSync(path('secret.png'), path('photos', 'link.png'));
  symlinkSync(path(), path('photos', 'way-out'));
  const args = [program, 'mcp', path('photos'), '--device', 'cpu', '--threads', '1'];
  await client.connect(new StdioClientTransport({ command: process.execPath, args, stderr: 'ignore' }));
}, 60_000);
afterAll(() => client.close(), 60_000);

/** What a tool answers, and whether it refused. */
async function call(
  name: string,
  given: Readonly<Record<string, unknown>>,
): Promise<[refused: boolean, text: string]> {
  const answer = await client.callTool({ name, arguments: given });
  const [first] = Array.isArray(answer.content) ? answer.content : [];
  return [answer.isError === true, String(first?.text)];
}

it('offers what the service does, with the options that the library declares', async () => {
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual([
    'list_pictures',
    'denoise',
    'upscale',
    'score',
    'compare',
    'adapt',
  ]);
  expect(tools.find(({ name }) => name === 'denoise')?.inputSchema).toMatchObject({
    required: ['picture'],
    properties: {
      strength: { type: 'number', minimum: 0, maximum: 100 },
      format: { enum: expect.anything() },
    },
  });
  const [, listed] = await call('list_pictures', {});
  expect(JSON.parse(listed)).toMatchObject({
    pictures: expect.arrayContaining([
      { path: path('photos', 'a.png'), format: 'png', width: 230, height: 110 },
    ]),
  });
}, 60_000);

it('scores, and writes results beside pictures', async () => {
  const [, scored] = await call('score', { picture: 'a.png', metric: 'niqe' });
  expect(JSON.parse(scored)).toMatchObject({
    scores: { niqe: { value: (await score(path('photos', 'a.png'), { metric: 'niqe' })).value } },
  });
  const [refused, told] = await call('denoise', { picture: path('photos', 'a.png'), strength: 60 });
  expect([refused, JSON.parse(told)]).toEqual([
    false,
    expect.objectContaining({ output: path('photos', 'a.denoise.png'), changed: true, weights: 'general' }),
  ]);
  expect(await readPicture(path('photos', 'a.denoise.png'))).toMatchObject({ width: 230, height: 110 });
  const [again, why] = await call('denoise', { picture: 'a.png' });
  expect([again, why]).toEqual([true, expect.stringContaining('exists already')]);
}, 120_000);

it('keeps to the folders that were named, and replaces nothing', async () => {
  const before = readFileSync(path('photos', 'a.png'));
  writeFileSync(path('photos', 'text.png'), 'no picture');
  for (const [name, given, words] of [
    ['score', { picture: path('secret.png') }, 'lies outside'],
    ['score', { picture: '../secret.png' }, 'lies outside'],
    ['score', { picture: 'link.png' }, 'lies outside'],
    ['score', { picture: 'way-out/secret.png' }, 'lies outside'],
    ['score', { picture: '/etc/no-such-file' }, 'lies outside'],
    ['score', { picture: 'none.png' }, 'cannot read'],
    ['score', { picture: 'text.png' }, 'not a picture'],
    ['score', {}, '`picture` must be a path'],
    ['list_pictures', { folder: '/' }, 'lies outside'],
    ['denoise', { picture: 'a.png', output: path('x.png') }, 'lies outside'],
    ['denoise', { picture: 'a.png', output: 'way-out/x.png' }, 'lies outside'],
    ['denoise', { picture: 'a.png', output: 'a.png' }, 'exists already'],
    ['denoise', { picture: 'a.png', output: 'out/b.png', format: 'webp' }, 'disagree'],
    ['denoise', { picture: 'a.png', strength: 101 }, 'from 0 to 100'],
    ['denoise', { picture: 'a.png', strngth: 1 }, 'no option'],
    ['score', { picture: 'a.png', output: 'out/b.png' }, 'no option "output"'],
    ['denoise', { picture: 'a.png', reference: 'a.png' }, 'no option "reference"'],
    ['list_pictures', { foldr: 'out' }, 'no option "foldr"'],
    ['erase', { picture: 'a.png' }, 'there is no tool'],
  ] as const) {
    const [refused, text] = await call(name, given);
    expect([name, given, refused, text]).toEqual([name, given, true, expect.stringContaining(words)]);
  }
  expect(readFileSync(path('photos', 'a.png'))).toEqual(before);
}, 60_000);

it('refuses a folder that is not there', async () => {
  await expectRefusal(revela(['mcp', path('none')]), 1, 'cannot open the folder');
  await expectRefusal(revela(['mcp']), 2, 'FOLDER');
});

it('stops listing when nobody waits for it', async () => {
  const parts = { confined: await Confined.to([path('photos')]), engine: new Engine({}), operations: {} };
  const watched = { signal: AbortSignal.abort(new Error('gone')), onProgress: () => {} };
  await expect(callTool('list_pictures', {}, parts, watched)).rejects.toThrow('gone');
});

it('ends well while it works, and takes its listeners along', async () => {
  const serving = `
    import { getEventListeners } from 'node:events';
    import { serveMcp } from 'revela/serve';
    const stop = new AbortController();
    const before = process.stdin.listenerCount('end');
    await serveMcp({ folders: [${JSON.stringify(path('photos'))}], device: 'cpu', threads: 1, signal: stop.signal });
    console.error(process.stdin.listenerCount('end') - before, getEventListeners(stop.signal, 'abort').length);`;
  await photograph(800, 600).png().toFile(path('photos', 'large.png'));
  const child = spawn(process.execPath, ['--input-type=module', '--eval', serving]);
  let told = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (told += text));
  const ended = new Promise((resolve) => child.on('close', resolve));
  const say = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const client = {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  };
  say({ id: 1, method: 'initialize', params: client });
  say({ method: 'notifications/initialized' });
  const asked = { name: 'denoise', arguments: { picture: 'large.png' }, _meta: { progressToken: 1 } };
  say({ id: 2, method: 'tools/call', params: asked });
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (text.includes('notifications/progress')) child.stdin.end();
  });
  expect([await ended, told]).toEqual([0, '0 0\n']);
}, 120_000);
