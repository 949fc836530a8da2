import { createRuntime } from '#src/runtime/node/index.js';
import { answer } from './answer.mjs';
import { clipPasses } from './revela/clip-passes.mjs';
import { convolution } from './revela/convolution.mjs';
import { inference } from './revela/inference.mjs';
import { matmul } from './revela/matmul.mjs';
import { sfdStep } from './revela/sfd-step.mjs';
import { trainingStep } from './revela/training-step.mjs';

const workloads = { training: trainingStep, sfd: sfdStep, clip: clipPasses, inference, convolution, matmul };

await answer(async ({ kind, device, ...workload }) => {
  const runtime = await createRuntime({ device });
  const run = await workloads[kind](runtime, workload);
  return { run, facts: { device: runtime.description }, close: () => runtime.close() };
});
