import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** Where distributions put Firefox. */
const programs = ['/usr/bin/firefox-esr', '/usr/bin/firefox'];

/** Debian's Firefox, or none. */
export const firefoxHere = (): string | undefined => programs.find((program) => existsSync(program));

/** What a profile of its own is set to: a free port, no pages of welcome, nothing fetched. */
const preferences = {
  'marionette.port': 0,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.homepage_override.mstone': 'ignore',
  'datareporting.policy.dataSubmissionEnabled': false,
  'app.update.disabledForTesting': true,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
};

type Answered = (answer: { readonly error: unknown; readonly result: unknown }) => void;

/** Messages of Marionette, by which Firefox is driven: a length in bytes, a colon, and an array. */
class Marionette {
  readonly #socket: Socket;
  readonly #waiting = new Map<number, Answered>();
  #read = Buffer.alloc(0);
  #last = 0;

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', (bytes) => {
      this.#read = Buffer.concat([this.#read, bytes]);
      this.#take();
    });
    socket.on('close', () => {
      for (const answered of this.#waiting.values()) answered({ error: 'Firefox ended', result: undefined });
    });
  }

  #take(): void {
    const colon = this.#read.indexOf(':');
    const length = Number(this.#read.subarray(0, Math.max(0, colon)));
    const end = colon + 1 + length;
    if (colon < 1 || this.#read.length < end) return;
    const message: unknown = JSON.parse(this.#read.subarray(colon + 1, end).toString());
    this.#read = this.#read.subarray(end);
    // The first one says what Firefox speaks.
    if (Array.isArray(message)) {
      const [, id, error, result]: unknown[] = message;
      if (typeof id === 'number') this.#waiting.get(id)?.({ error, result });
    }
    this.#take();
  }

  /** @throws Error where Firefox refuses it */
  async send(name: string, parameters: object): Promise<unknown> {
    const id = ++this.#last;
    const bytes = Buffer.from(JSON.stringify([0, id, `WebDriver:${name}`, parameters]));
    const answer = new Promise<{ error: unknown; result: unknown }>((resolve) =>
      this.#waiting.set(id, resolve),
    );
    this.#socket.write(Buffer.concat([Buffer.from(`${bytes.length}:`), bytes]));
    const { error, result } = await answer;
    if (error !== null) throw new Error(`${name}: ${JSON.stringify(error)}`);
    return typeof result === 'object' && result !== null && 'value' in result ? result.value : result;
  }
}

/** A page in Firefox. */
export interface FirefoxPage extends AsyncDisposable {
  /** What an expression gives. */
  evaluate(expression: string): Promise<unknown>;
  /** Chooses a file. */
  choose(id: string, file: string): Promise<void>;
}

async function portOf(profile: string, firefox: ChildProcess): Promise<number> {
  while (firefox.exitCode === null) {
    const port = Number(await readFile(join(profile, 'MarionetteActivePort'), 'utf8').catch(() => ''));
    if (port > 0) return port;
    await pause(100);
  }
  throw new Error(`Firefox ended with ${firefox.exitCode} before it could be driven`);
}

/** Opens a page in headless Firefox, with a profile of its own. */
export async function openFirefox(program: string, address: string): Promise<FirefoxPage> {
  const profile = await mkdtemp(join(tmpdir(), 'revela-firefox-'));
  const lines = Object.entries(preferences).map(
    ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});`,
  );
  await writeFile(join(profile, 'user.js'), lines.join('\n'));
  const firefox = spawn(program, ['--headless', '--marionette', '--profile', profile], { stdio: 'ignore' });
  const ended = new Promise((resolve) => firefox.once('close', resolve));
  const end = async (): Promise<void> => {
    firefox.kill();
    await ended;
    await rm(profile, { recursive: true, force: true, maxRetries: 10 });
  };
  try {
    const port = await portOf(profile, firefox);
    const driver = new Marionette(connect(port, '127.0.0.1'));
    await driver.send('NewSession', {});
    await driver.send('Navigate', { url: address });
    return {
      evaluate: (expression) => driver.send('ExecuteScript', { script: `return (${expression});`, args: [] }),
      async choose(id, file) {
        const found = await driver.send('FindElement', { using: 'css selector', value: `#${id}` });
        const [element]: unknown[] = Object.values(typeof found === 'object' && found !== null ? found : {});
        await driver.send('ElementSendKeys', { id: element, text: file });
      },
      [Symbol.asyncDispose]: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}
