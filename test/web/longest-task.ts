import type { Page } from 'playwright-core';

/** A task of a thread, as Chromium records it; times are in microseconds, `tdur` is the processor's. */
interface Recorded {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args?: { readonly name?: string };
}

/**
 * The most milliseconds of the processor that a task of a page's main thread takes while something is done: so long nothing that people do is
 * heard. It is no time of a clock: what other threads and processes do is not in it.
 *
 * @param bearable in milliseconds; tasks that take longer are named, with when they came since the first one
 */
export async function longestTask(page: Page, work: () => Promise<void>, bearable: number) {
  const browser = page.context().browser();
  if (browser === null) throw new Error('the page has no browser');
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline'] });
  await work();
  const { traceEvents }: { traceEvents: readonly Recorded[] } = JSON.parse(
    (await browser.stopTracing()).toString(),
  );
  const pageThreads = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const tasks = traceEvents.filter(
    ({ pid, tid, tdur }) => tdur !== undefined && pageThreads.has(`${pid} ${tid}`),
  );
  const whole = tasks.filter(({ name }) => /RunTask$/.test(name));
  const begun = Math.min(...whole.map(({ ts }) => ts));
  const long = whole
    .filter(({ tdur = 0 }) => tdur > 1000 * bearable)
    .map((task) => {
      const inside = tasks.filter(
        ({ pid, tid, ts, tdur = 0 }) =>
          pid === task.pid &&
          tid === task.tid &&
          ts > task.ts &&
          ts < task.ts + (task.dur ?? 0) &&
          tdur > 250 * bearable,
      );
      const names = [...new Set(inside.map(({ name }) => name))].join(', ');
      return `${((task.tdur ?? 0) / 1000).toFixed(0)} ms at ${((task.ts - begun) / 1000).toFixed(0)} ms: ${names}`;
    });
  return { tasks: whole.length, longest: Math.max(...whole.map(({ tdur = 0 }) => tdur)) / 1000, long };
}
