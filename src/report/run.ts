import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { RevelaError } from '../errors.js';
import { type AnySettings, describedRun, kindOf } from '../api/index.js';
import { architectureOf, networkCost } from '../networks/index.js';
import { readMetrics } from '../runs/index.js';
import { usedShare } from '../training/index.js';
import { type Curve, type CurveBuilder, curveBuilder } from './curve.js';
import { findSamples, type SampledPicture } from './sample-files.js';
import { present } from '../present.js';

/** A run as the report shows it. */
export interface ReportedRun {
  /** Short, and different for each run. */
  readonly label: string;
  readonly path: string;
  /** What it was started with. */
  readonly settings: AnySettings;
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
 * @throws RevelaError if the folder is missing, holds no run, or one whose settings are damaged
 */
export async function readRun(path: string, label: string): Promise<ReportedRun> {
  const found = await stat(path).catch(() => undefined); // what is wrong with it is told by who reads it
  if (found?.isFile() === true)
    throw new RevelaError(`${path} is a file, and a report is of run folders; revela info describes files`);
  const { settings, savedStep = 0 } = await describedRun(path);
  const { curves, step, seconds } = await readCurves(path);
  const changed = await stat(join(path, 'metrics.jsonl')).catch(() => undefined);
  const network = architectureOf(settings.architecture)?.ofConfig(settings.config);
  const steps = Math.max(step, savedStep);
  return {
    label,
    path,
    settings,
    curves,
    steps,
    seconds,
    finished: usedShare(settings.budget, steps, seconds) >= 1,
    ...present({ changed: changed?.mtime, parameters: network && networkCost(network).parameters }),
    samples: await findSamples(path, kindOf(settings).samples),
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
