import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { boolean, finite, nullable, number, objectWithRest, pipe, string, union } from 'valibot';
import { fileError } from '../../file-errors.js';
import { isMissing, openRegular } from '../../regular-file.js';
import { readJson } from '../../options/index.js';
import type { Metrics } from './metrics-log.js';

/**
 * The metrics of a run, line by line, so that a file of millions of lines takes no memory. It only reads: the run may
 * be going on. A line that is not whole, or not metrics, is left out; a run without metrics has none.
 *
 * @param folder the run folder
 * @throws RevelaError if the file cannot be read
 *
 * @example
 * for await (const { step, loss } of readMetrics('runs/garden')) console.log(step, loss);
 */
export async function* readMetrics(folder: string): AsyncGenerator<Metrics> {
  const file = join(folder, 'metrics.jsonl');
  const opened = await openRegular(file).catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (opened === undefined) return;
  const input = opened.handle.createReadStream({ encoding: 'utf8' });
  try {
    for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      const metrics = metricsIn(line);
      if (metrics !== undefined) yield metrics;
    }
  } catch (error) {
    throw fileError(`cannot read ${file}`, error);
  } finally {
    input.destroy();
  }
}

/** Values of single things, whatever their names. */
const schema = objectWithRest(
  { step: pipe(number(), finite()) },
  nullable(union([number(), string(), boolean()])),
);

// Half a line has no brace at its end.
const metricsIn = (line: string): Metrics | undefined =>
  line.startsWith('{') && line.endsWith('}') ? readJson(schema, line) : undefined;
