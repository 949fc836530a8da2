import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** Writes the path of every file that the process opens or reads to the file named by OPENED_FILES, in threads too. */
const hook = `
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import workers from 'node:worker_threads';
const { openSync, writeSync, closeSync } = fs;
const log = (path) => {
  if (typeof path !== 'string' && !(path instanceof URL)) return;
  const out = openSync(process.env.OPENED_FILES, 'a');
  writeSync(out, String(path) + '\\n');
  closeSync(out);
};
for (const owner of [fs, fs.promises])
  for (const name of ['open', 'openSync', 'readFile', 'readFileSync', 'createReadStream']) {
    const original = owner[name];
    if (typeof original !== 'function') continue;
    owner[name] = function (path, ...rest) {
      log(path);
      return original.call(this, path, ...rest);
    };
  }
// Threads that are started without options do not inherit this file.
workers.Worker = class extends workers.Worker {
  constructor(file, options = {}) {
    super(file, { ...options, execArgv: [...(options.execArgv ?? []), '--import', import.meta.url] });
  }
};
syncBuiltinESMExports();
`;

/**
 * Runs a program (an ES module) in a process of its own and returns the files that it opened by way of Node, its threads'
 * included. Native code that is given a path is not seen by this; the programs here give it bytes.
 *
 * @param list where the paths are kept
 */
export async function withOpenedFiles(program: string, list: string): Promise<readonly string[]> {
  const preload = `${list}.mjs`;
  await writeFile(preload, hook);
  await writeFile(list, '');
  const { NODE_OPTIONS: _own, ...environment } = process.env;
  await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
    env: { ...environment, NODE_OPTIONS: `--import ${preload}`, OPENED_FILES: list },
  });
  return (await readFile(list, 'utf8')).split('\n').filter((line) => line !== '');
}
