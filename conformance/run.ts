import type { Executable, Runtime } from '#src/runtime/index.js';
import type { Program, TensorValue } from '#src/tensor/index.js';

/** Compiles a program, runs it once and fetches everything. Feeds that the program does not need are left out. */
export async function run(
  runtime: Runtime,
  program: Program,
  feeds: Readonly<Record<string, TensorValue>>,
): Promise<Record<string, TensorValue>> {
  await using executable = await runtime.load(program);
  return await runLoaded(executable, feeds);
}

/** Runs a program that is loaded once more. */
export async function runLoaded(
  executable: Executable,
  feeds: Readonly<Record<string, TensorValue>>,
): Promise<Record<string, TensorValue>> {
  const needed = executable.inputs.map(({ name }) => {
    const value = feeds[name];
    if (value === undefined) throw new Error(`the program's input ${name} was not given`);
    return [name, value] as const;
  });
  const { fetched } = await executable.run(Object.fromEntries(needed));
  return { ...fetched };
}

/** The results called `next/…` under the names they have as inputs of the following step. */
export function advanced(results: Readonly<Record<string, TensorValue>>): Record<string, TensorValue> {
  const next = Object.entries(results).filter(([name]) => name.startsWith('next/'));
  return Object.fromEntries(next.map(([name, value]) => [name.slice('next/'.length), value]));
}
