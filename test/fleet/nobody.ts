import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';

/** After `await nobody()` a program may write nothing that is root's; where the tests are run by somebody else, that holds from the beginning. */
const nobody = `const nobody = async () => {
  if (process.getuid() !== 0) return;
  process.setgroups([]);
  process.setgid(65534);
  process.setuid(65534);
};`;

const words = (program: string): readonly string[] => ['--input-type=module', '--eval', nobody + program];

/** The source of what imports a module of the built package: before `await nobody()`, who may not be able to read it. */
export const importing = (module: string): string =>
  `await import(${JSON.stringify(new URL(`../../dist/${module}.js`, import.meta.url).href)})`;

/** What a program says. */
export async function toldByNobody(program: string): Promise<string> {
  return (await promisify(execFile)(process.execPath, words(program))).stdout;
}

/** A program that goes on, and hears what is written to it. */
export function startedByNobody(program: string): ChildProcess {
  return spawn(process.execPath, words(program), { stdio: ['pipe', 'pipe', 'inherit'] });
}
