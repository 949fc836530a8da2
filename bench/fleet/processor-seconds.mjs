import { readFileSync } from 'node:fs';

/** Seconds that a process kept processors busy; the kernel counts hundredths. */
export function processorSeconds(pid) {
  const times = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(times[11]) + Number(times[12])) / 100;
}

/** Those of a process and of all that it started and that still runs. */
export function treeSeconds(pid) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  return children.reduce((sum, child) => sum + treeSeconds(Number(child)), processorSeconds(pid));
}
