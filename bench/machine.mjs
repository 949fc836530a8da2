import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

const installed = (name) =>
  JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version;

/** What the figures were measured with; without it they mean nothing. */
export function machine(torch) {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown processor',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    node: process.versions.node,
    onnxRuntime: installed('onnxruntime-node'),
    tensorflowJs: installed('@tensorflow/tfjs'),
    jaxJs: installed('@jax-js/jax'),
    ...(torch === undefined ? {} : { pytorch: torch }),
  };
}

export function machineLine({ processor, cores, memoryBytes, node, onnxRuntime, pytorch }) {
  const parts = [
    processor,
    `${cores} cores`,
    `${Math.round(memoryBytes / 2 ** 30)} GiB`,
    `Node ${node}`,
    `ONNX Runtime ${onnxRuntime}`,
    pytorch === undefined ? 'no PyTorch' : `PyTorch ${pytorch}`,
  ];
  return parts.join(', ');
}
