import type { InferenceSession } from 'onnxruntime-common';
import type { Optimization } from './protocol.js';
import type { DeviceName } from './runtime.js';

export interface SessionSetup {
  readonly device: DeviceName;
  readonly threads: number;
  readonly optimization: Optimization;
}

/** Errors are thrown as well as logged, so the log stays quiet. */
const FATAL_ONLY = 4;

const provider: Readonly<Record<DeviceName, InferenceSession.ExecutionProviderConfig>> = {
  cpu: 'cpu',
  cuda: 'cuda',
  // The channels-last layout that the provider prefers gives wrong convolutions for some channel counts (6 to 4, 2 groups of 5).
  webgpu: { name: 'webgpu', preferredLayout: 'NCHW' },
};

/** How sessions are made on a device. */
export function sessionOptions({
  device,
  threads,
  optimization,
}: SessionSetup): InferenceSession.SessionOptions {
  return {
    executionProviders: [provider[device]],
    graphOptimizationLevel: 'all',
    executionMode: 'sequential',
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    // One block planned for all of a run's tensors would lie beside the pieces that the first run made: twice the memory.
    enableMemPattern: false,
    logSeverityLevel: FATAL_ONLY,
    extra: {
      session: {
        // Threads that wait for more of a run spin, since waking them takes longer than most operators do. Between runs they
        // stop, or they would take the cores from the other sessions and from loops.
        intra_op: { allow_spinning: '1' },
        force_spinning_stop: '1',
        ...(optimization === 'training' ? { set_denormal_as_zero: '1' } : {}),
      },
    },
  };
}

/** How runs are made. */
export const runOptions: InferenceSession.RunOptions = { logSeverityLevel: FATAL_ONLY };
