/** Upper bounds of the seconds that are counted. */
const bounds = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100, 300, 1000];

/** How often what took how long. */
class Histogram {
  readonly #counts = bounds.map(() => 0);
  #sum = 0;
  #count = 0;

  observe(seconds: number): void {
    this.#sum += seconds;
    this.#count += 1;
    bounds.forEach((bound, i) => {
      if (seconds <= bound) this.#counts[i] = (this.#counts[i] ?? 0) + 1;
    });
  }

  get mean(): number {
    return this.#count === 0 ? 0 : this.#sum / this.#count;
  }

  lines(name: string, labels: string): readonly string[] {
    const and = labels === '' ? '' : `${labels},`;
    return [
      ...bounds.map((bound, i) => `${name}_bucket{${and}le="${bound}"} ${this.#counts[i] ?? 0}`),
      `${name}_bucket{${and}le="+Inf"} ${this.#count}`,
      `${name}_sum${labels === '' ? '' : `{${labels}}`} ${this.#sum}`,
      `${name}_count${labels === '' ? '' : `{${labels}}`} ${this.#count}`,
    ];
  }
}

/** Numbers of a service at this moment. */
export interface Gauges {
  readonly waiting: number;
  readonly active: number;
  readonly kept: number;
  readonly storedBytes: number;
}

/** What a service counts, in Prometheus' text format. */
export class Metrics {
  readonly #jobs = new Map<string, number>();
  readonly #refused = new Map<string, number>();
  readonly #waiting = new Histogram();
  readonly #working = new Map<string, Histogram>();
  #received = 0;

  /** A request's body came. */
  received(bytes: number): void {
    this.#received += bytes;
  }

  /** A request was refused. */
  refused(code: string): void {
    this.#refused.set(code, (this.#refused.get(code) ?? 0) + 1);
  }

  /** A job began after waiting. */
  began(waited: number): void {
    this.#waiting.observe(waited);
  }

  /** A job is over; `seconds` of work, of those that were begun. */
  ended(operation: string, state: string, seconds: number | undefined): void {
    const labels = `operation="${operation}",state="${state}"`;
    this.#jobs.set(labels, (this.#jobs.get(labels) ?? 0) + 1);
    if (seconds === undefined) return;
    const histogram = this.#working.get(operation) ?? new Histogram();
    histogram.observe(seconds);
    this.#working.set(operation, histogram);
  }

  /** Seconds of work of a job, on average. */
  get meanSeconds(): number {
    const means = [...this.#working.values()].map(({ mean }) => mean);
    return means.length === 0 ? 1 : means.reduce((sum, mean) => sum + mean, 0) / means.length;
  }

  text({ waiting, active, kept, storedBytes }: Gauges): string {
    const family = (name: string, kind: string, help: string, lines: readonly string[]): string =>
      [`# HELP ${name} ${help}`, `# TYPE ${name} ${kind}`, ...lines, ''].join('\n');
    const counts = (name: string, table: ReadonlyMap<string, number>): readonly string[] =>
      [...table].map(([labels, count]) => `${name}{${labels}} ${count}`);
    const refused = new Map([...this.#refused].map(([code, count]) => [`code="${code}"`, count]));
    return [
      family('revela_jobs_total', 'counter', 'Jobs that are over.', counts('revela_jobs_total', this.#jobs)),
      family(
        'revela_refused_total',
        'counter',
        'Requests that were refused.',
        counts('revela_refused_total', refused),
      ),
      family('revela_jobs_waiting', 'gauge', 'Jobs that arrive or wait.', [`revela_jobs_waiting ${waiting}`]),
      family('revela_jobs_active', 'gauge', 'Jobs that are worked on.', [`revela_jobs_active ${active}`]),
      family('revela_jobs_kept', 'gauge', 'Jobs that are known.', [`revela_jobs_kept ${kept}`]),
      family('revela_stored_bytes', 'gauge', 'Bytes of pictures and results on the disk.', [
        `revela_stored_bytes ${storedBytes}`,
      ]),
      family('revela_received_bytes_total', 'counter', 'Bytes of bodies of requests.', [
        `revela_received_bytes_total ${this.#received}`,
      ]),
      family(
        'revela_waiting_seconds',
        'histogram',
        'How long jobs waited.',
        this.#waiting.lines('revela_waiting_seconds', ''),
      ),
      family(
        'revela_working_seconds',
        'histogram',
        'How long jobs were worked on.',
        [...this.#working].flatMap(([operation, histogram]) =>
          histogram.lines('revela_working_seconds', `operation="${operation}"`),
        ),
      ),
      family('process_resident_memory_bytes', 'gauge', 'Memory of the process.', [
        `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
      ]),
    ].join('');
  }
}
