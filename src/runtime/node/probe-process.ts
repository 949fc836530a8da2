// Started by probe.ts: tries the device named on its command line and prints the report as JSON.
import { openChecked } from './devices.js';
import type { DeviceReport } from './probe.js';
import type { DeviceName } from '../runtime.js';
import { convolutionSpeed, matmulSpeed } from '../speed.js';
import { present } from '../../present.js';

async function report(device: DeviceName, threads: number | undefined): Promise<DeviceReport> {
  try {
    await using runtime = await openChecked(device, present({ threads }));
    const speed = await convolutionSpeed(runtime);
    const products = await matmulSpeed(runtime);
    const detail = `${runtime.description}: ${round(speed)} GFLOP/s in convolutions, ${round(products)} in matrix products`;
    return { device, works: true, detail, speed, matmulSpeed: products };
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    return { device, works: false, problem, detail: `${device} does not work here: ${problem}` };
  }
}

const round = (speed: number): string => speed.toPrecision(3).replace(/e\+\d+$/, '');

const [, , device, threads] = process.argv;
if (device === 'cpu' || device === 'webgpu' || device === 'cuda')
  process.stdout.write(
    JSON.stringify(await report(device, threads === undefined ? undefined : Number(threads))),
  );
else process.exitCode = 2;
