import { createRequire } from 'node:module';
import { arch, availableParallelism, cpus, freemem, platform, totalmem } from 'node:os';
import sharp from 'sharp';
import { RevelaError } from '../../errors.js';
import {
  loadDenoiserWeights,
  shippedDenoiserPath,
  type DeviceReport,
  probeDevices,
} from '../../api/index.js';
import type { Context } from '../context.js';
import { exitCodes } from '../terminal/failure.js';
import type { ReportFlags } from './command.js';
import { type Fact, factsText } from '../terminal/facts-text.js';
import { packageVersion } from '../../package-version.js';
import { printableJson } from '../../printable.js';
import { sizeText } from '../terminal/wording.js';

interface Versions {
  readonly revela: string;
  readonly node: string;
  readonly onnxruntime: string;
  readonly sharp: string;
  readonly libvips: string;
}

/** What is known of the weights that the package ships. */
type Weights =
  | { readonly works: true; readonly detail: string }
  | { readonly works: false; readonly problem: string };

/** Does what `revela doctor` promises; returns the exit code. */
export async function runDoctor({ json }: ReportFlags, { stdout, stderr }: Context): Promise<number> {
  const versions = versionsHere();
  const weights = await tryWeights();
  if (json !== true && stderr.isTTY === true) stderr.write('Trying the devices, which takes a while…\n');
  const devices = await probeDevices();
  const healthy = weights.works && devices.some(({ device, works }) => device === 'cpu' && works);
  const machine = {
    platform: `${platform()} ${arch()}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory: totalmem(),
    freeMemory: freemem(),
  };
  if (json === true) {
    stdout.write(`${printableJson({ kind: 'doctor', healthy, versions, machine, weights, devices })}\n`);
  } else {
    const facts: Fact[] = [
      ['revela', versions.revela],
      ['node', versions.node],
      ['onnxruntime', versions.onnxruntime],
      ['sharp', `${versions.sharp} (libvips ${versions.libvips})`],
      ['machine', `${machine.platform}, ${machine.cores} × ${machine.cpu}`],
      ['memory', `${sizeText(machine.freeMemory)} of ${sizeText(machine.memory)} free`],
      ['weights', weights.works ? weights.detail : weights.problem],
      ...devices.map(deviceFact),
    ];
    const verdict = healthy
      ? 'All that revela needs works here'
      : 'Something that revela needs does not work here';
    stdout.write(factsText(verdict, facts));
  }
  return healthy ? 0 : exitCodes.failure;
}

function versionsHere(): Versions {
  const { version }: { version: string } = createRequire(import.meta.url)('onnxruntime-node/package.json');
  return {
    revela: packageVersion(),
    node: process.version,
    onnxruntime: version,
    sharp: sharp.versions.sharp ?? 'unknown',
    libvips: sharp.versions.vips,
  };
}

async function tryWeights(): Promise<Weights> {
  try {
    const { description, method } = await loadDenoiserWeights(shippedDenoiserPath());
    const size = Object.entries(description.config).map(([name, value]) => `${name} ${value}`);
    return {
      works: true,
      detail: `those that come with revela load: ${method}, ${description.architecture}, ${size.join(', ')}`,
    };
  } catch (error) {
    if (!(error instanceof RevelaError)) throw error;
    return { works: false, problem: error.message };
  }
}

function deviceFact({ device, detail }: DeviceReport): Fact {
  // The line begins with the name, which stands before it here.
  return [device, detail.startsWith(`${device} `) ? detail.slice(device.length + 1) : detail];
}
