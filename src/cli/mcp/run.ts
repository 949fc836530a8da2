import { present } from '../../present.js';
import { serveMcp } from '../../serve/index.js';
import type { Context } from '../context.js';
import type { MachineFlags } from '../options/common-options.js';

/** Does what `revela mcp` promises; returns the exit code. Standard output is the protocol's. */
export async function runMcp(
  folders: readonly string[],
  { device, threads }: MachineFlags,
  context: Context,
): Promise<number> {
  const { signal } = context.listenForStop();
  await serveMcp({ folders, signal, ...present({ device, threads }) });
  return 0;
}
