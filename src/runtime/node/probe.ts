import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { boolean, number, object, picklist, string } from 'valibot';
import { checked, ifRight, type OptionsOf, readJson, whole } from '../../options/index.js';
import { present } from '../../present.js';
import type { DeviceName } from '../runtime.js';

/** What is known of a device: whether it works here, and how fast, or why not. */
export interface DeviceReport {
  readonly device: DeviceName;
  readonly works: boolean;
  /** One line for people. */
  readonly detail: string;
  /** GFLOP/s in 3×3 convolutions. */
  readonly speed?: number;
  /** GFLOP/s in matrix products. */
  readonly matmulSpeed?: number;
  /** Why it does not work. */
  readonly problem?: string;
}

/** A driver that has not answered by then never will. */
const PATIENCE = 120_000;

function failed(device: DeviceName, problem: string): DeviceReport {
  return { device, works: false, problem, detail: `${device} does not work here: ${problem}` };
}

const schema = object({
  device: picklist(['cpu', 'webgpu', 'cuda']),
  works: boolean(),
  detail: string(),
  ...{ speed: ifRight(number()), matmulSpeed: ifRight(number()), problem: ifRight(string()) },
});

/**
 * Tries one device in a process of its own, because graphics drivers print to the terminal and may crash.
 * Never rejects: what goes wrong is the report.
 */
export function probeApart(device: DeviceName, threads?: number): Promise<DeviceReport> {
  const script = fileURLToPath(new URL('./probe-process.js', import.meta.url));
  const argv = [script, device, ...(threads === undefined ? [] : [String(threads)])];
  return new Promise((resolve) => {
    execFile(process.execPath, argv, { timeout: PATIENCE }, (error, output) => {
      if (error?.killed) return resolve(failed(device, 'it did not answer in time'));
      if (error?.signal) return resolve(failed(device, `its driver crashed (${error.signal})`));
      const report = error === null ? readJson(schema, output) : undefined;
      if (report === undefined) return resolve(failed(device, 'it could not be tried'));
      const { device: tried, works, detail, ...facts } = report;
      resolve({ device: tried, works, detail, ...present(facts) });
    });
  });
}

const probeOptions = {
  /** Threads of the CPU; default: as many as there are cores. */
  threads: whole({ from: 1, to: 256, words: 'CPU threads', usual: 'one per core' }),
};

/** Options of {@link probeDevices}. */
export interface ProbeOptions extends OptionsOf<typeof probeOptions> {}

/**
 * Tries every device: whether it is there, computes right, and how fast.
 *
 *
 * @example
 * for (const { detail } of await probeDevices()) console.log(detail);
 */
export async function probeDevices(options: ProbeOptions = {}): Promise<readonly DeviceReport[]> {
  const { threads } = checked('probeDevices', probeOptions, options);
  const reports: DeviceReport[] = [];
  // One after another: measured together, each would slow the others.
  for (const device of ['cpu', 'webgpu', 'cuda'] as const) reports.push(await probeApart(device, threads));
  return reports;
}
