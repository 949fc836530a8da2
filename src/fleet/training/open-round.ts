import {
  areFinite,
  type Contribution,
  decodeState,
  type RoundNumbers,
  type RoundRule,
  roundEnds,
} from '../../api/rounds.js';
import type { RoundStore } from './round-store.js';
import type { ShareAnswer } from './share-job.js';

/** What became of one member's share. */
type Settled = { readonly good: Contribution; readonly answer: ShareAnswer } | { readonly refused: string };

/** A round in progress: what came of it so far, and when it ends. */
export class OpenRound {
  readonly #begin: number;
  readonly #settled = new Map<number, Settled>();
  #end: () => void = () => {};
  /** Is there when it ends. */
  readonly ended = new Promise<void>((resolve) => {
    this.#end = resolve;
  });
  #over = false;

  constructor(
    readonly number: number,
    readonly workers: number,
    readonly kind: 'gradients' | 'steps',
    readonly rule: RoundRule,
    readonly store: RoundStore,
    /** Milliseconds, by a clock that only goes on. */
    readonly now: () => number = () => performance.now(),
  ) {
    this.#begin = now();
  }

  /** Those whose share is not settled. */
  get outstanding(): readonly number[] {
    return Array.from({ length: this.workers }, (_, member) => member).filter(
      (one) => !this.#settled.has(one),
    );
  }

  get answers(): readonly ShareAnswer[] {
    return [...this.#settled.values()].flatMap((one) => ('good' in one ? [one.answer] : []));
  }

  /** Why shares do not count. */
  get refusals(): readonly string[] {
    return [...this.#settled.values()].flatMap((one) => ('refused' in one ? [one.refused] : []));
  }

  /** Takes an answer: reads what was found, and whether it counts. A second answer of a member says the same. */
  async take(member: number, answer: ShareAnswer): Promise<void> {
    const { sha256, loss, gradientNorm, age } = answer;
    if (sha256 === null || loss === null || gradientNorm === null) {
      this.refuse(member, `the numbers of member ${member + 1} are not finite`);
      return;
    }
    const groups = decodeState(await this.store.get(sha256), this.store.nameOf(sha256));
    const tensors = groups[this.kind === 'gradients' ? 'gradient' : 'parameter'] ?? {};
    if (!Object.values(groups).every(areFinite) || Object.keys(tensors).length === 0) {
      this.refuse(member, `the numbers of member ${member + 1} are not finite`);
      return;
    }
    const moments = this.kind === 'steps' ? { moments: { sha256, age } } : {};
    this.#settle(member, { good: { loss, gradientNorm, tensors, ...moments }, answer });
  }

  /** A share that does not count, and is not done again. */
  refuse(member: number, why: string): void {
    this.#settle(member, { refused: why });
  }

  #settle(member: number, settled: Settled): void {
    if (this.#over || this.#settled.has(member)) return;
    this.#settled.set(member, settled);
    this.look();
  }

  /** Looks whether it ends. */
  look(): void {
    const { workers, rule } = this;
    const good = this.answers.length;
    const refused = this.#settled.size - good;
    const seconds = (this.now() - this.#begin) / 1000;
    if (!roundEnds({ workers, good, refused, seconds }, rule)) return;
    this.#over = true;
    this.#end();
  }

  /** What counts, by member. */
  contributions(): readonly (Contribution | undefined)[] {
    return Array.from({ length: this.workers }, (_, member) => {
      const settled = this.#settled.get(member);
      return settled !== undefined && 'good' in settled ? settled.good : undefined;
    });
  }

  /** What happened, for the record. */
  numbers(): Omit<RoundNumbers, 'joined' | 'left'> {
    const { answers } = this;
    return {
      processes: new Set(answers.map(({ by }) => by)).size,
      counted: answers.length,
      late: this.outstanding.length,
      refused: this.refusals.length,
      handedOver: answers.reduce((sum, { handedOver }) => sum + handedOver, 0),
    };
  }
}
