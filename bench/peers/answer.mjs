// The child's side of a comparison: prepares the workload in argv, then runs it once for every line "run".
import { readFileSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';

const ANSWERS = 3;

const say = (answer) => writeSync(ANSWERS, `${JSON.stringify(answer)}\n`);

/** The largest resident set of this process so far. On Linux the kernel's record of it is not mixed with the parent's. */
function peakBytes() {
  if (process.platform === 'linux') {
    const line = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'));
    if (line !== null) return Number(line[1]) * 1024;
  }
  return process.resourceUsage().maxRSS * 1024;
}

/** @param prepare gets the workload; gives `run`, which returns the seconds it took, and optionally `facts` and `close` */
export async function answer(prepare) {
  const { run, facts = {}, close = () => undefined } = await prepare(JSON.parse(process.argv[2]));
  say(facts);
  for await (const line of createInterface({ input: process.stdin })) {
    if (line === 'run') say({ seconds: await run() });
    else say({ peakBytes: peakBytes() });
  }
  await close();
  process.exit(0);
}

/** Seconds that an asynchronous function takes. */
export async function secondsOf(work) {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
