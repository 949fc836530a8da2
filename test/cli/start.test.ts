import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { everyCommand } from './command.js';

const dist = new URL('../../dist/', import.meta.url);

/** Tells of every module that is resolved, on a line of its own after a mark. */
const mark = 'loads ';
const hooks = `
  import { writeSync } from 'node:fs';
  export async function resolve(specifier, context, next) {
    const found = await next(specifier, context);
    writeSync(2, '${mark}' + found.url + '\\n');
    return found;
  }`;
const dataOf = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;
const listening = dataOf(
  `import { register } from 'node:module'; register(${JSON.stringify(dataOf(hooks))});`,
);

/** Runs a program and tells what it loads: rooms of the package, and packages by name. Files of native code are told of too. */
function loadedBy(
  code: string,
): Promise<{ readonly rooms: ReadonlySet<string>; readonly packages: ReadonlySet<string> }> {
  // Native libraries that are loaded by any way stand in Node's own report.
  const program = `${code}
    for (const path of process.report.getReport().sharedObjects) console.error('${mark}file://' + path);`;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', listening, '--input-type=module', '--eval', program], {
      cwd: fileURLToPath(new URL('..', dist)),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let text = '';
    child.stderr.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
    child.on('error', reject);
    child.on('close', (status) => {
      if (status !== 0) return reject(new Error(`the program ended with ${status}:\n${text}`));
      const urls = text.split('\n').filter((line) => line.startsWith(mark));
      const names = (pattern: RegExp): ReadonlySet<string> =>
        new Set(urls.flatMap((url) => pattern.exec(url)?.[1] ?? []));
      resolve({
        // Declarations of options do no work, in whatever room they lie.
        rooms: names(/\/dist\/([\w-]+)\/(?!.*options\.js)/),
        packages: names(/.*\/node_modules\/((?:@[\w.-]+\/)?[\w.-]+)\//),
      });
    });
  });
}

/** Rooms that read pictures or weights, or run models: they take half a second to load. */
const heavy = [
  'apply',
  'compile',
  'evaluation',
  'images',
  'models',
  'report',
  'restore',
  'runtime',
  'training',
  'weights',
];

it('shows the help of every command without what reads pictures or runs models', async () => {
  const code = `
    import { runCommandLine } from '${new URL('cli/program.js', dist)}';
    const stream = { write() {} };
    const context = { stdout: stream, stderr: stream, colour: false, offline: true, modelFolder: '.', listenForStop() {} };
    for (const command of ${JSON.stringify(['', ...everyCommand])})
      if (await runCommandLine([...command.split(' ').filter(Boolean), '--help'], context, false) !== 0) throw Error(command);`;
  const { rooms, packages } = await loadedBy(code);
  expect([...packages].sort()).toEqual(['commander', 'valibot']);
  expect([...rooms]).toContain('cli');
  expect([...rooms].filter((room) => heavy.includes(room))).toEqual([]);
});

it('imports the arithmetic of measures without anything else', async () => {
  const { rooms, packages } = await loadedBy(
    `import { psnr } from 'revela/quality'; if (!psnr) throw Error('none');`,
  );
  expect([...packages]).toEqual([]);
  expect([...rooms].sort()).toEqual(['doors', 'options', 'pixels', 'platform', 'quality']);
});

it('imports every door without sharp and ONNX Runtime', async () => {
  const doors = ['revela', 'revela/training', 'revela/models', 'revela/networks', 'revela/engine'];
  const { rooms, packages } = await loadedBy(doors.map((door) => `await import('${door}');`).join('\n'));
  expect([...rooms]).toContain('images');
  expect([...packages].filter((name) => /sharp|onnxruntime/.test(name))).toEqual([]);
});

it('sees what is loaded', async () => {
  const { packages } = await loadedBy(`await import('sharp'); await import('onnxruntime-node');`);
  for (const name of ['sharp', 'onnxruntime-node']) expect([...packages]).toContain(name);
});
