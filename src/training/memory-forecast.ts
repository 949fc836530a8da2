import { freeMemory } from '#platform/memory';
import { RevelaError } from '../errors.js';
import type { BatchSize } from '../nn/index.js';
import type { Runtime } from '../runtime/index.js';
import { byteCount, isPrimitive, peakBytes, type Program } from '../tensor/index.js';

/** What a training step takes of memory, in bytes. */
export interface StepMemory {
  /** What is there whatever the patches are: parameters, their optimiser's state, frozen networks. */
  readonly fixed: number;
  /** What grows with the batch and with the area of the patches. */
  readonly growing: number;
}

/** Of what is free, so much is counted on for what is said to fit: the rest is for batches that are made ready. */
const countedOn = 0.85;

/**
 * What a step of a program takes, counted in the traced program. Measured with DBSNl and the residual U-Net: a process of
 * 0.7 GB where 0.7 are foretold, because ONNX Runtime works in place in part and copies in part.
 *
 * @param copies how many tensors are kept for each parameter, beside it
 */
export function stepMemory({ inputs, outputs }: Program, copies: number): StepMemory {
  let fixed = 0;
  for (const input of inputs) {
    const name = isPrimitive(input, 'input') ? input.attributes.name : '';
    if (name.startsWith('parameter/')) fixed += byteCount(input) * (1 + copies);
    else if (name.includes('/')) fixed += byteCount(input);
  }
  return { fixed, growing: peakBytes(Object.values(outputs)) };
}

/** A training step that needs more memory than there is. */
export class MemoryShortage extends RevelaError {
  override readonly name: string = 'MemoryShortage';

  constructor(
    readonly needed: StepMemory,
    readonly free: number,
    remedy = 'make the batch or the patches smaller',
  ) {
    super(
      `a training step takes ${gigabytes(needed.fixed + needed.growing)} of memory, and ${gigabytes(free)} are free; ${remedy}`,
    );
  }
}

/** What else a step's memory depends on. */
export interface MemoryCourse {
  /** How many tensors are kept for each parameter, beside it. */
  readonly copies: number;
  /** How many times as many pixels the largest later step has; default 1. */
  readonly growth?: number;
}

/**
 * Refuses, before it is compiled, a step that needs more memory than the machine has free, or a later one of which that is
 * known. Graphics cards do not say what they have.
 *
 * @throws MemoryShortage
 */
export function checkMemory(
  { device }: Pick<Runtime, 'device'>,
  program: Program,
  { copies, growth = 1 }: MemoryCourse,
  free = freeMemory(),
): void {
  if (device !== 'cpu') return;
  const { fixed, growing } = stepMemory(program, copies);
  const needed = { fixed, growing: growing * growth };
  if (needed.fixed + needed.growing > free) throw new MemoryShortage(needed, free);
}

/** What to make smaller, and how much of it would fit. */
export function fitting({ needed, free }: MemoryShortage, { batch, patch }: BatchSize): string {
  const share = Math.max(0, countedOn * free - needed.fixed) / needed.growing;
  const fewer = Math.floor(batch * share);
  if (fewer >= 1) return `make the batch smaller: \`batch\` ${fewer} fits`;
  const side = Math.floor((patch * Math.sqrt(batch * share)) / 8) * 8;
  return side >= 32
    ? `make the patches smaller: \`patch\` up to ${side}${batch === 1 ? '' : ' with `batch` 1'} fits`
    : 'take a smaller network, or a machine with more memory';
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
