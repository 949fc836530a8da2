import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { FlowProducer, JobsOptions, QueueEvents } from 'bullmq';
import {
  type Crew,
  encodeState,
  type Round,
  type RoundNumbers,
  type RoundOutcome,
  type RoundRule,
  type TeamRun,
} from '../../api/rounds.js';
import { RevelaError } from '../../errors.js';
import { packageVersion } from '../../package-version.js';
import { present } from '../../present.js';
import { closeParts } from '../../redis/index.js';
import { unlessStopped } from '../../unless-stopped.js';
import { nameText, workersOf } from '../queue.js';
import { OpenRound } from './open-round.js';
import type { OpenTraining } from './queue.js';
import type { OwnRounds } from './round-store.js';
import { answerIn, type ShareJob } from './share-job.js';

/** Milliseconds between two looks at what no event told. */
const lookEvery = 1000;

/** Milliseconds after which it is said that nobody works. */
const patience = 5000;

/** A share that fails is tried once more, perhaps by another process; what is done leaves the queue with its round. */
const shareOptions: JobsOptions = {
  ...{ attempts: 2, stackTraceLimit: 0, removeOnComplete: { age: 600 }, removeOnFail: { age: 600 } },
};

/** What a coordinator works with. */
export interface CoordinatorSetting {
  readonly run: TeamRun;
  readonly training: OpenTraining;
  readonly flows: FlowProducer;
  readonly events: QueueEvents;
  readonly store: OwnRounds;
  readonly rule: RoundRule;
  /** The place of the run in the storage, and the hash of what its members have to know. */
  readonly place: string;
  readonly spec: string;
  /** Lets members put what they find where others write for them. */
  readonly proof?: string;
}

/** Hands out rounds, and takes what the members found. */
export class Coordinator implements Crew {
  readonly #session = randomUUID().slice(0, 8);
  #number = 0;
  #open: OpenRound | undefined;
  /** Files that the last rounds have need of, the newest first. */
  #needed: readonly ReadonlySet<string>[] = [];
  #members: ReadonlySet<string> = new Set();
  #changes = { joined: 0, left: 0 };
  /** When it was last looked who is there. */
  #looked = Number.NEGATIVE_INFINITY;
  #closing: Promise<unknown> = Promise.resolve();

  constructor(readonly setting: CoordinatorSetting) {
    setting.events.on('completed', ({ jobId, returnvalue }) => void this.#completed(jobId, returnvalue));
    setting.events.on('failed', ({ jobId, failedReason }) => this.#failed(jobId, failedReason));
  }

  get workers(): number {
    return this.setting.run.workers;
  }

  async round(round: Round): Promise<RoundOutcome | undefined> {
    const { run, store, rule } = this.setting;
    const { signal } = run;
    this.#number += 1;
    const weights = await store.put(encodeState({ parameter: round.parameters })).catch((error: unknown) => {
      if (signal?.aborted === true) return undefined;
      throw error;
    });
    if (weights === undefined) return undefined;
    const open = new OpenRound(this.#number, this.workers, round.kind, rule, store);
    this.#open = open;
    const jobs = Array.from({ length: this.workers }, (_, member) => this.#jobOf(round, weights, member));
    const watching = new AbortController();
    try {
      await unlessStopped([this.#hand(jobs)], signal);
      const watched = this.#watch(open, jobs, watching.signal);
      void this.#seeMembers().catch(() => {});
      await unlessStopped([open.ended, watched], signal);
    } catch (error) {
      if (signal?.aborted === true) return undefined;
      throw this.setting.training.redis.error(error);
    } finally {
      watching.abort();
      this.#open = undefined;
      this.#closing = this.#closing.then(() => this.#close(open)).catch(() => {});
    }
    return this.#outcome(open, round, weights);
  }

  /** Waits until what is left of rounds is out of the queue. */
  async close(): Promise<void> {
    await closeParts(this.setting.training.redis, [{ close: async () => void (await this.#closing) }], 3);
    // Where no round has ended, what the last checkpoint names is not known here, and all stays.
    if (this.#needed.length > 0)
      await this.setting.store.keepOnly(new Set(this.#needed.flatMap((one) => [...one])));
  }

  #outcome(open: OpenRound, round: Round, weights: string): RoundOutcome {
    const { tell } = this.setting.run;
    const numbers: RoundNumbers = { ...open.numbers(), ...this.#changes };
    this.#changes = { joined: 0, left: 0 };
    for (const why of open.refusals) tell(`Round ${open.number}: ${why}; what it found is left out`);
    if (numbers.late > 0)
      tell(
        `Round ${open.number}: ${numbers.late} of ${this.workers} shares came too late; what they find is left out`,
      );
    if (numbers.handedOver > 0)
      tell(`Round ${open.number}: a member gave no sign of life; its share was done by another one`);
    const contributions = open.contributions();
    if (numbers.counted === 0 && open.refusals.some((why) => !why.includes('not finite')))
      throw new RevelaError(`no member could do its share: ${open.refusals[0] ?? ''}`);
    const files = [weights, ...open.answers.map(({ sha256 }) => sha256 ?? '')];
    const moments = round.moments.map((one) => one?.sha256 ?? '');
    void this.#need(new Set([...files, ...moments]));
    return { contributions, numbers: { ...numbers } };
  }

  /** The files of the last rounds stay: those of the last two checkpoints, and what the next round begins with. */
  async #need(files: ReadonlySet<string>): Promise<void> {
    const before = this.#needed;
    this.#needed = [files, ...before].slice(0, 3);
    const still = new Set(this.#needed.flatMap((one) => [...one]));
    const old = before.slice(2).flatMap((one) => [...one]);
    await this.setting.store.remove(old.filter((one) => one !== '' && !still.has(one)));
  }

  #idOf(member: number, round = this.#number): string {
    return `${this.#session}-${round}-${member}`;
  }

  #jobOf(round: Round, weights: string, member: number): ShareJob {
    const { place, spec, proof } = this.setting;
    const { kind, step, size, learningRates, clip, moments } = round;
    return {
      ...{ revela: packageVersion(), run: place, spec, session: this.#session, round: this.#number, member },
      ...{
        kind,
        step,
        size: { batch: size.batch, patch: size.patch },
        learningRates: [...learningRates],
        weights,
      },
      ...present({ clip, moments: moments[member], proof }),
    };
  }

  /** A round is a flow: its shares are there all at once, or none. */
  async #hand(jobs: readonly ShareJob[]): Promise<void> {
    const { flows, training, place } = this.setting;
    await flows.add({
      ...{ name: place, queueName: training.rounds.name, data: { run: place, round: this.#number } },
      opts: { jobId: `${this.#session}-${this.#number}` },
      children: jobs.map((data) => ({
        ...{ name: place, queueName: training.shares.name, data },
        opts: { ...shareOptions, jobId: this.#idOf(data.member) },
      })),
    });
  }

  async #completed(jobId: string, value: unknown): Promise<void> {
    const open = this.#open;
    const member = open?.outstanding.find((one) => this.#idOf(one, open.number) === jobId);
    const answer = answerIn(value);
    if (open === undefined || member === undefined) {
      // Too late: nobody reads what it found.
      if (jobId.startsWith(`${this.#session}-`) && answer?.sha256 != null && !this.#isNeeded(answer.sha256))
        await this.setting.store.remove([answer.sha256]);
      return;
    }
    if (answer === undefined) return open.refuse(member, `member ${member + 1} answered what is no answer`);
    try {
      await open.take(member, answer);
    } catch (error) {
      open.refuse(member, error instanceof Error ? error.message : String(error));
    }
  }

  #isNeeded(sha256: string): boolean {
    return (
      this.#needed.some((files) => files.has(sha256)) ||
      this.#open?.answers.some((one) => one.sha256 === sha256) === true
    );
  }

  #failed(jobId: string, reason: string): void {
    const open = this.#open;
    const member = open?.outstanding.find((one) => this.#idOf(one, open.number) === jobId);
    if (member !== undefined) open?.refuse(member, `member ${member + 1} failed: ${reason}`);
  }

  /** Looks at what no event told: the time, jobs that were lost with Redis's last second, and who is there. */
  async #watch(open: OpenRound, jobs: readonly ShareJob[], signal: AbortSignal): Promise<void> {
    const { training, run } = this.setting;
    let told = false;
    for (let at = 1; ; at++) {
      await wait(lookEvery, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      open.look();
      await this.#seeMembers();
      if (signal.aborted) return;
      if (!told && this.#members.size === 0 && at * lookEvery >= patience) {
        told = true;
        run.tell('Nobody takes part; waiting: start `revela fleet train` on each machine');
      }
      const lost: ShareJob[] = [];
      for (const member of open.outstanding) {
        const job = await training.shares.getJob(this.#idOf(member, open.number));
        if (signal.aborted) return;
        const data = jobs[member];
        if (job === undefined && data !== undefined && open.outstanding.includes(member)) lost.push(data);
        else if (job?.finishedOn !== undefined && job.failedReason)
          this.#failed(job.id ?? '', job.failedReason);
        else if (job?.finishedOn !== undefined) await this.#completed(job.id ?? '', job.returnvalue);
      }
      // With its round, which may be lost, too: what is there of both stays as it is.
      if (lost.length > 0) await this.#hand(lost);
    }
  }

  /** Who came, and who went. */
  async #seeMembers(): Promise<void> {
    if (performance.now() - this.#looked < lookEvery) return;
    this.#looked = performance.now();
    const names = new Set((await workersOf(this.setting.training.shares)).map(nameText));
    const came = [...names].filter((name) => !this.#members.has(name));
    const went = [...this.#members].filter((name) => !names.has(name));
    for (const name of came) this.setting.run.tell(`${name} takes part`);
    for (const name of went) this.setting.run.tell(`${name} has left`);
    this.#changes = {
      joined: this.#changes.joined + came.length,
      left: this.#changes.left + went.length,
    };
    this.#members = names;
  }

  /** Takes what is left of a round out of the queue; what is worked on comes to its end, and does not count. */
  async #close(open: OpenRound): Promise<void> {
    const { training } = this.setting;
    const ids = Array.from({ length: open.workers }, (_, member) => this.#idOf(member, open.number));
    for (const id of ids) await training.shares.remove(id).catch(() => 0);
    await training.rounds.remove(`${this.#session}-${open.number}`, { removeChildren: false }).catch(() => 0);
  }
}
