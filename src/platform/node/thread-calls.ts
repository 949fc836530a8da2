/**
 * A function of a module, by its name.
 *
 * @throws TypeError where there is none
 */
export async function functionOf(
  module: string,
  name: string,
): Promise<(...args: readonly unknown[]) => unknown> {
  const exports: Readonly<Record<string, unknown>> = await import(module);
  const work = exports[name];
  if (typeof work !== 'function') throw new TypeError(`${module} exports no function ${name}`);
  return (...args) => Reflect.apply(work, undefined, args);
}
