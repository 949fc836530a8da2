import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RevelaError } from '../errors.js';
import { architectureOf, type NetworkConfig, networkCost } from '../networks/index.js';
import { describeRun, type RunConfig, readMetrics } from '../training/index.js';
import { type Curve, type CurveBuilder, curveBuilder } from './curve.js';
import { findSamples, type SampledPicture } from './sample-files.js';

/** A run as the report shows it. */
export interface ReportedRun {
  /** Short, and different for each run. */
  readonly label: string;
  readonly path: string;
  readonly config: RunConfig;
  /** By the name of the metric. */
  readonly curves: ReadonlyMap<string, Curve>;
  /** Steps done; 0 before the first. */
  readonly steps: number;
  readonly seconds: number;
  /** Whether the budget is used up; if not, the run was stopped or is going on. */
  readonly finished: boolean;
  /** When its metrics last changed; left out if there are none. */
  readonly changed?: Date;
  /** Numbers that it learns; left out where the network is not known. */
  readonly parameters?: number;
  readonly samples: readonly SampledPicture[];
}

/**
 * Reads what a report shows of a run. The run may be going on.
 *
 * @throws RevelaError if the folder is missing or holds no run
 */
export async function readRun(path: string, label: string): Promise<ReportedRun> {
  const { config, savedStep = 0 } = await describeRun(path);
  const { curves, step, seconds } = await readCurves(path);
  const changed = await stat(join(path, 'metrics.jsonl')).catch(() => undefined);
  const parameters = parametersOf(config);
  const steps = Math.max(step, savedStep);
  return {
    label,
    path,
    config,
    curves,
    steps,
    seconds,
    finished: isUsedUp(config, steps, seconds),
    ...(changed === undefined ? {} : { changed: changed.mtime }),
    ...(parameters === undefined ? {} : { parameters }),
    samples: await findSamples(path),
  };
}

async function readCurves(path: string): Promise<{
  readonly curves: ReadonlyMap<string, Curve>;
  readonly step: number;
  readonly seconds: number;
}> {
  const builders = new Map<string, CurveBuilder>();
  let [step, seconds] = [0, 0];
  for await (const metrics of readMetrics(path)) {
    step = Math.max(step, metrics.step);
    // A line of a validation need not say the time.
    if (typeof metrics['seconds'] === 'number') seconds = metrics['seconds'];
    for (const [name, value] of Object.entries(metrics)) {
      if (name === 'step' || name === 'seconds' || typeof value !== 'number') continue;
      const builder = builders.get(name) ?? curveBuilder();
      builders.set(name, builder);
      builder.add({ step: metrics.step, seconds, value });
    }
  }
  const curves = new Map<string, Curve>();
  for (const [name, builder] of builders) {
    const curve = builder.curve();
    if (curve !== undefined) curves.set(name, curve);
  }
  return { curves, step, seconds };
}

function isUsedUp({ budget }: RunConfig, steps: number, seconds: number): boolean {
  if (!isRecord(budget)) return false;
  const { steps: mostSteps, minutes } = budget;
  if (typeof mostSteps === 'number' && steps >= mostSteps) return true;
  return typeof minutes === 'number' && seconds >= minutes * 60;
}

function parametersOf({ architecture, config }: RunConfig): number | undefined {
  const found = typeof architecture === 'string' ? architectureOf(architecture) : undefined;
  if (found === undefined || !isNetworkConfig(config)) return undefined;
  try {
    return networkCost(found.ofConfig(config)).parameters;
  } catch (error) {
    // A run of another version may have hyper-parameters that this one does not take.
    if (error instanceof RevelaError) return undefined;
    throw error;
  }
}

/** Whether a value is an object with names, as `config.json` nests them. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isNetworkConfig(value: unknown): value is NetworkConfig {
  return isRecord(value) && Object.values(value).every((entry) => entry !== null);
}
