/*
 * What Node's side of this does in threads is done where it stands: in a page all of it runs in a worker, which keeps nobody
 * waiting. The functions and their types are those of Node's side.
 */
/** The same function. */
export function inThread(_module, work, _gives) {
  return async (...args) => work(...args);
}
/** The same function. */
export function muchInThread(module, work, _numbersOf, _gives) {
  return inThread(module, work);
}
/** The same floats. */
export async function inSharedMemory(floats) {
  return floats;
}
/** The same message: memory of a page is shared under conditions that most do not meet. */
export async function shareLarge(message, _given, _depth) {
  return message;
}
/** Floats. */
export function sharedFloats(length) {
  return new Float32Array(length);
}
