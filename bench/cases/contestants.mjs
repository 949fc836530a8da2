import { availableParallelism } from 'node:os';
import { python } from '../pytorch.mjs';

/** Revela in a Node of its own. */
export const revela = (device, workload) => ({
  name: 'Revela',
  program: process.execPath,
  file: 'revela.mjs',
  workload: { device, ...workload },
});

/** Debian's PyTorch on all cores. */
export const pytorch = (name, workload) => ({
  name,
  program: python,
  file: 'pytorch/main.py',
  workload: { threads: availableParallelism(), ...workload },
});

/** A JavaScript library in a Node of its own. */
export const library = (name, file, workload, options = {}) => ({
  name,
  program: process.execPath,
  file,
  workload,
  ...options,
});
