import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline';
import { program } from './workers.mjs';

/**
 * What a single machine makes of the pictures by the folder command: the bytes of each result, by its place in the folder of the results.
 *
 * @param work `score`, of which a fleet's results are files of JSON, or `denoise`
 */
export async function single(work, shared, output) {
  const expected = new Map();
  const shots = join(shared, 'shots');
  const results = work === 'denoise' ? ['-o', output] : [];
  const words = [program, work, shots, '-r', '--json', '--threads', '1', ...results];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  let seconds;
  for await (const line of createInterface(child.stdout)) {
    const told = JSON.parse(line);
    if (told.kind === 'done') ({ seconds } = told);
    if (told.kind !== 'picture') continue;
    const { picture, scores } = told;
    const content = `${JSON.stringify({ picture: relative(shared, picture), scores })}\n`;
    expected.set(`${relative(shots, picture)}.json`, Buffer.from(content));
  }
  const [code] = await ended;
  if (code !== 0) throw new Error(`revela ${work} ended with ${code}`);
  if (work === 'denoise')
    for (const place of filesIn(output)) expected.set(place, readFileSync(join(output, place)));
  return { expected, seconds };
}

/** How the results in a folder compare with those of one machine. */
export function compare(folder, expected) {
  const found = filesIn(folder).filter((place) => !place.startsWith('.revela-fleet/'));
  const results = found.filter((place) => expected.has(place));
  const wrong = results.filter((place) => !readFileSync(join(folder, place)).equals(expected.get(place)));
  const strange = found.filter((place) => !expected.has(place));
  return {
    equal: results.length - wrong.length,
    wrong: wrong.length,
    missing: expected.size - results.length,
    halfWritten: strange.filter((place) => place.endsWith('.tmp')).length,
    strange: strange.filter((place) => !place.endsWith('.tmp')).length,
  };
}

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}
