import { createServer, type Server } from 'node:net';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { revela } from './command.js';

/** The checkout itself, whose command is a process of its own. */
export const checkout = fileURLToPath(new URL('../..', import.meta.url));

/** What takes the place of dist/cli/main.js: hands on what was typed, and shows what came of it. */
const client = `
const { connect } = require('node:net');
const { text } = require('node:stream/consumers');
const socket = connect(require('node:path').join(__dirname, '../../socket'));
socket.end(JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd(), environment: process.env }));
text(socket).then((answer) => {
  const { code, stdout, stderr } = JSON.parse(answer);
  process.stderr.write(stderr);
  process.stdout.write(stdout);
  process.exitCode = code;
});`;

/** What the client sends. */
interface Asked {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A folder that scripts take for a checkout. */
export interface WarmCheckout extends AsyncDisposable {
  readonly folder: string;
}

/**
 * A checkout for scripts whose command is done by this process, one after another: to start Node and to load the package takes ten
 * times as long as most of what they do. Standard input, signals and memory are not those of a process of its own.
 */
export async function warmCheckout(): Promise<WarmCheckout> {
  const folder = await mkdtemp(join(tmpdir(), 'warm-'));
  await mkdir(join(folder, 'dist', 'cli'), { recursive: true });
  await writeFile(join(folder, 'dist', 'cli', 'main.js'), client);
  await writeFile(join(folder, 'package.json'), '{}');
  for (const name of ['models', 'node_modules']) await symlink(join(checkout, name), join(folder, name));
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    let asked = '';
    socket.setEncoding('utf8').on('data', (part: string) => {
      asked += part;
    });
    socket.on('end', async () => {
      const { args, cwd, environment }: Asked = JSON.parse(asked);
      socket.end(JSON.stringify(await revela(args, { cwd, environment })));
    });
    socket.on('error', () => socket.destroy()); // a script that was stopped
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(join(folder, 'socket'), resolve);
  });
  return {
    folder,
    async [Symbol.asyncDispose]() {
      await closed(server);
      await rm(folder, { recursive: true });
    },
  };
}

const closed = (server: Server): Promise<unknown> => new Promise((resolve) => server.close(resolve));
