/** Names by which programs wrap a network, so that they stand before all keys of its state dict. */
const wrappers = new Set(['module', '_orig_mod', 'net', 'network', 'bsn', 'denoiser', 'model', 'generator']);

/** Wrappers in wrappers, at most. */
const deepest = 8;

/**
 * The prefix that stands before every key and does not belong to the network. Parts that all keys share are taken off
 * one by one until `recognises` knows the rest. Where it never does, only the known wrappers' are taken off, and not in
 * front of a number: `model.0.weight` is a layer of a network that calls its layers `model`.
 *
 * @returns such as `module.`; empty where the keys are as they should be
 *
 * @example
 * wrappingPrefix(['module.net.head.weight', 'module.net.head.bias'], (prefix) => prefix === 'module.net.');
 */
export function wrappingPrefix(keys: readonly string[], recognises: (prefix: string) => boolean): string {
  let prefix = '';
  let known: string | undefined;
  for (let depth = 0; ; depth++) {
    if (recognises(prefix)) return prefix;
    const part = depth < deepest ? sharedPart(keys, prefix) : undefined;
    if (part === undefined) return known ?? prefix;
    const next = `${prefix}${part}.`;
    const isWrapper = wrappers.has(part) && !keys.some((key) => /^\d/.test(key.slice(next.length)));
    if (!isWrapper) known ??= prefix;
    prefix = next;
  }
}

/** The part up to the next dot, where it is the same in all keys and something is left of each. */
function sharedPart(keys: readonly string[], prefix: string): string | undefined {
  const [first] = keys;
  const dot = first?.indexOf('.', prefix.length) ?? -1;
  if (first === undefined || dot < 0) return undefined;
  const shared = first.slice(0, dot + 1);
  return keys.every((key) => key.length > shared.length && key.startsWith(shared))
    ? first.slice(prefix.length, dot)
    : undefined;
}
