import { join } from 'node:path';
import { type RunConfig, readRunConfig } from '../../models/index.js';
import { looseObject, number } from 'valibot';
import { readJson } from '../../options/index.js';
import { present } from '../../present.js';
import { openRegular, readRegular } from '../../regular-file.js';
import type { Metrics } from './metrics-log.js';

/** What a run folder says of itself. */
export interface RunDescription {
  readonly config: RunConfig;
  /** Steps that the last checkpoint holds; left out before the first one. */
  readonly savedStep?: number;
  /** The last line of `metrics.jsonl`, which may be ahead of the last checkpoint; left out if there is none. */
  readonly lastMetrics?: Metrics;
}

/** More than the longest line of metrics. */
const tailBytes = 4096;

/**
 * Describes the run in a folder. It only reads, so the run may be going on.
 *
 * @throws RevelaError if the folder is missing, holds no run, or one of another version
 *
 * @example
 * const { savedStep = 0 } = await describeRun('runs/garden');
 */
export async function describeRun(path: string): Promise<RunDescription> {
  const config = await readRunConfig(path);
  const pointer = await readRegular(join(path, 'checkpoints', 'last.json'), 2 ** 20).catch(() => '');
  const savedStep = readJson(stepped, pointer.toString())?.step;
  const lastMetrics = await lastLine(join(path, 'metrics.jsonl'));
  return {
    config,
    ...present({ savedStep, lastMetrics }),
  };
}

/** The last whole line: a run that is going on may be in the middle of the next one. */
async function lastLine(path: string): Promise<Metrics | undefined> {
  const opened = await openRegular(path).catch(() => undefined);
  if (opened === undefined) return undefined;
  const { handle: file, size } = opened;
  try {
    const tail = Buffer.alloc(Math.min(size, tailBytes));
    await file.read(tail, 0, tail.length, size - tail.length);
    const line = tail.toString('utf8').split('\n').at(-2) ?? '';
    return metricsOf(line);
  } finally {
    await file.close();
  }
}

const stepped = looseObject({ step: number() });

function metricsOf(line: string): Metrics | undefined {
  const record = readJson(stepped, line);
  if (record === undefined) return undefined;
  const numbers = Object.entries(record).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number',
  );
  return { ...Object.fromEntries(numbers), step: record.step };
}
