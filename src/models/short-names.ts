/**
 * Short names for files and folders, each different: the last part of the path without the extension of weights, and as
 * many parts before it as it takes to tell them apart.
 *
 * @param paths of different files or folders
 *
 * @example
 * shortNames(['runs/a/weights.safetensors', 'runs/b/weights.safetensors']); // ['a/weights', 'b/weights']
 */
export function shortNames(paths: readonly string[]): readonly string[] {
  const parts = paths.map((path) =>
    path.replace(/[\\/]+$|\.(?:safetensors|pth|pt|ckpt)$/i, '').split(/[\\/]/),
  );
  const longest = Math.max(...parts.map(({ length }) => length));
  for (let taken = 1; taken <= longest; taken++) {
    const names = parts.map((words) => words.slice(-taken).join('/'));
    if (new Set(names).size === names.length) return names;
  }
  return paths;
}
