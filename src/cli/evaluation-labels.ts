import { extname } from 'node:path';

/**
 * Short names for weights files, each different: the last part of the path without the extension, and as many parts
 * before it as it takes to tell them apart.
 *
 * @example
 * labelsOf(['runs/a/weights.safetensors', 'runs/b/weights.safetensors']); // ['a/weights', 'b/weights']
 */
export function labelsOf(paths: readonly string[]): readonly string[] {
  const parts = paths.map((path) => path.slice(0, path.length - extname(path).length).split(/[\\/]/));
  const longest = Math.max(...parts.map(({ length }) => length));
  for (let taken = 1; taken <= longest; taken++) {
    const labels = parts.map((words) => words.slice(-taken).join('/'));
    if (new Set(labels).size === labels.length) return labels;
  }
  return paths;
}
