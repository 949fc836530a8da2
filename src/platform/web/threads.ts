/*
 * What Node's side of this does in threads is done where it stands: in a page all of it runs in a worker, which keeps nobody
 * waiting. The functions and their types are those of Node's side.
 */

/** The same function. */
export function inThread<Args extends readonly unknown[], Result>(
  _module: URL,
  work: (...args: Args) => Result,
  _gives?: (...args: Args) => readonly Float32Array[],
): (...args: Args) => Promise<Result> {
  return async (...args) => work(...args);
}

/** The same function. */
export function muchInThread<Args extends readonly unknown[], Result>(
  module: URL,
  work: (...args: Args) => Result,
  _numbersOf: (...args: Args) => number,
  _gives?: (...args: Args) => readonly Float32Array[],
): (...args: Args) => Promise<Result> {
  return inThread(module, work);
}

/** There are none. */
export async function endIdleThreads(): Promise<void> {}

/** The same numbers. */
export async function inSharedMemory<Numbers>(numbers: Numbers): Promise<Numbers> {
  return numbers;
}

/** The same message: memory of a page is shared under conditions that most do not meet. */
export async function shareLarge(
  message: unknown,
  _given?: ReadonlySet<unknown>,
  _depth?: number,
): Promise<unknown> {
  return message;
}

/** Floats. */
export function sharedFloats(length: number): Float32Array {
  return new Float32Array(length);
}
