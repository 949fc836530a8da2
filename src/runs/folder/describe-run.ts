import { join } from 'node:path';
import { type RunConfig, readRunConfig } from '../../models/index.js';
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
  const savedStep = await numberIn(join(path, 'checkpoints', 'last.json'), 'step');
  const lastMetrics = await lastLine(join(path, 'metrics.jsonl'));
  return {
    config,
    ...present({ savedStep, lastMetrics }),
  };
}

async function numberIn(file: string, field: string): Promise<number | undefined> {
  const value = parse((await readRegular(file, 2 ** 20).catch(() => '')).toString())?.[field];
  return typeof value === 'number' ? value : undefined;
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
    return metricsOf(parse(line));
  } finally {
    await file.close();
  }
}

function metricsOf(record: Readonly<Record<string, unknown>> | undefined): Metrics | undefined {
  const step = record?.['step'];
  if (record === undefined || typeof step !== 'number') return undefined;
  const numbers = Object.entries(record).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number',
  );
  return { ...Object.fromEntries(numbers), step };
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
