/** Something to give back, at once or in time. */
type Closable = { close(): void | Promise<void> };

/**
 * What something holds while it is made and as long as it lives; given back in the end, the last first, each even where
 * another fails.
 *
 * Node 20 has no `AsyncDisposableStack`; this is what is needed of one.
 *
 * @example
 * await using opened = new Belongings();
 * const executable = opened.add(await runtime.load(program));
 * const learner = opened.add(await createLearner(runtime, optimiser, start)); // if this fails, the program goes
 * const own = opened.handOver(); // from here on they are somebody else's to give back
 * return { close: () => own.close() };
 */
export class Belongings implements AsyncDisposable {
  #releases: (() => void | Promise<void>)[] = [];

  /** Takes care of something, and returns it. */
  add<Thing extends AsyncDisposable>(thing: Thing): Thing {
    this.defer(() => Promise.resolve(thing[Symbol.asyncDispose]()));
    return thing;
  }

  /** To be done in the end. */
  defer(release: () => void | Promise<void>): void {
    this.#releases.push(release);
  }

  /** Everything, in new hands: nothing is left here. */
  handOver(): Belongings {
    const others = new Belongings();
    others.#releases = this.#releases;
    this.#releases = [];
    return others;
  }

  /** Gives everything back. Harmless when repeated. */
  async close(): Promise<void> {
    let failed: { readonly error: unknown } | undefined;
    for (let release = this.#releases.pop(); release !== undefined; release = this.#releases.pop())
      try {
        await release();
      } catch (error) {
        failed ??= { error };
      }
    if (failed !== undefined) throw failed.error;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** The same thing, so that `await using` closes it. */
export function disposable<Thing extends Closable>(thing: Thing): Thing & AsyncDisposable {
  return Object.assign(thing, {
    async [Symbol.asyncDispose]() {
      await thing.close();
    },
  });
}
