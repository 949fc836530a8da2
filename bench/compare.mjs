import { setTimeout as pause } from 'node:timers/promises';
import { startCompetitor } from './competitor.mjs';
import { median, spread } from './statistics.mjs';

/** Threads that wait for more work spin for a while before they sleep; the next measurement starts after that. */
const SETTLE_MILLISECONDS = 100;

/**
 * Measures several programs that do the same work, in turns: A B A B …, one run of each a round, all within the same
 * minutes, while the others wait.
 *
 * @param competitors the first is the one that ratios are of; one that `needsNoWarmUp` takes no part in warm-up rounds
 * @param rounds measured rounds; `warmUps` more come first and are not counted
 * @returns a record per competitor, in their order, with the ratio of the first to it
 */
export async function compare(competitors, { rounds, warmUps = 1, note = () => undefined }) {
  const running = [];
  try {
    for (const competitor of competitors) running.push(await startCompetitor(competitor));
    const seconds = running.map(() => []);
    for (let round = -warmUps; round < rounds; round++) {
      for (const [index, competitor] of running.entries()) {
        if (round < 0 && competitors[index].needsNoWarmUp) continue;
        await pause(SETTLE_MILLISECONDS);
        const taken = await competitor.run();
        if (round >= 0) seconds[index].push(taken);
        note(`${competitor.name} ${taken.toFixed(3)} s`);
      }
    }
    const peaks = [];
    for (const competitor of running) peaks.push(await competitor.close());
    return running.map(({ name, facts }, index) => ({
      name,
      facts,
      seconds: { median: median(seconds[index]), min: Math.min(...seconds[index]), runs: seconds[index] },
      ratio: index === 0 ? undefined : spread(seconds[0].map((own, round) => own / seconds[index][round])),
      peakBytes: peaks[index],
    }));
  } finally {
    for (const competitor of running) competitor.kill();
  }
}
