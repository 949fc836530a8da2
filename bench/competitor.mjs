// One side of a comparison: a long-lived child process that has prepared one workload and runs it once per request.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const peers = join(dirname(fileURLToPath(import.meta.url)), 'peers');

/** The lines that say why a process ended: the last ones of what it complained. */
const COMPLAINT_LINES = 3;

/**
 * Starts a child and waits until its workload is ready. Its answers come one JSON object a line on descriptor 3, since
 * libraries write to the usual streams as they please.
 *
 * @returns name, `facts` (what the child says about itself), `run()` → seconds of one run, `close()` → peak bytes
 */
export async function startCompetitor({ name, program, file, workload }) {
  const child = spawn(program, [join(peers, file), JSON.stringify(workload)], {
    stdio: ['pipe', 'ignore', 'pipe', 'pipe'],
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    complaint = (complaint + text).slice(-4000);
  });
  child.stdin.on('error', () => undefined);
  const ended = new Promise((resolve) => {
    child.on('error', (error) => {
      complaint += error.message;
      resolve();
    });
    child.on('close', resolve);
  });
  const answers = createInterface({ input: child.stdio[3] })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await answers.next();
    if (!done) return JSON.parse(value);
    await ended;
    const why = complaint.trim().split('\n').slice(-COMPLAINT_LINES).join(' | ');
    throw new Error(`${name} ended before it answered: ${why || `exit code ${child.exitCode}`}`);
  };
  const facts = await answer();
  return {
    name,
    facts,
    async run() {
      child.stdin.write('run\n');
      return (await answer()).seconds;
    },
    async close() {
      child.stdin.end('memory\n');
      const { peakBytes } = await answer();
      await ended;
      return peakBytes;
    },
    kill: () => child.kill(),
  };
}
