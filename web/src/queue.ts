import type { Capture, CompareFacts, DenoiseFacts, UpscaleFacts } from 'revela/web';

/** What is wrong with a picture; said in the language of the page when it is shown. */
export type Trouble = () => string;

/** What was found in a picture and done to it. */
export type Found =
  | { readonly kind: 'denoise'; readonly facts: DenoiseFacts; readonly layers: number }
  | {
      readonly kind: 'upscale';
      readonly facts: UpscaleFacts;
      readonly width: number;
      readonly height: number;
    }
  /** `niqe` is left out where a picture is too small for it. */
  | { readonly kind: 'score'; readonly score: number; readonly niqe: number | undefined }
  | { readonly kind: 'compare'; readonly facts: CompareFacts }
  /** The picture that the others are compared with. */
  | { readonly kind: 'reference' };

/** Where the work on a picture stands. */
export type State = 'waiting' | 'working' | 'done' | 'failed';

/** A picture of the queue. */
export interface Item {
  readonly number: number;
  readonly file: File;
  state: State;
  /** Both unknown until somebody has looked at the file. */
  size: { readonly width: number; readonly height: number } | undefined;
  small: ImageBitmap | undefined;
  /** When and by what it was taken, and how it looks at a glance. */
  capture: Capture | undefined;
  /** 0 to 1 while it is worked on. */
  progress: number | undefined;
  found: Found | undefined;
  trouble: Trouble | undefined;
  /** Whether the file itself is at fault, so that trying again does not help. */
  hopeless: boolean;
  /** Bytes that the result takes. */
  bytes: number;
  /** When it was shown or made last. */
  used: number;
}

let numbers = 0;
let uses = 0;

/** The pictures of the page, in their order, and the one that is shown. */
export class Queue {
  readonly items: Item[] = [];
  shown: Item | undefined;
  /** What others are compared with, if somebody has chosen one. */
  reference: Item | undefined;
  readonly #listeners: (() => void)[] = [];

  /** Calls a function whenever something has changed. */
  watch(listener: () => void): void {
    this.#listeners.push(listener);
  }

  changed(): void {
    for (const listener of this.#listeners) listener();
  }

  add(files: readonly File[]): readonly Item[] {
    const added = files.map((file): Item => {
      numbers += 1;
      return {
        ...{
          number: numbers,
          file,
          state: 'waiting',
          size: undefined,
          small: undefined,
          capture: undefined,
          progress: undefined,
        },
        ...{ found: undefined, trouble: undefined, hopeless: false, bytes: 0, used: 0 },
      };
    });
    this.items.push(...added);
    return added;
  }

  /** Takes a picture out; if it was shown, its neighbour is shown in its place. */
  remove(item: Item): void {
    const at = this.items.indexOf(item);
    if (at < 0) return;
    this.items.splice(at, 1);
    item.small?.close();
    if (this.shown === item) this.shown = this.items[Math.min(at, this.items.length - 1)];
  }

  /** What others are compared with: the first, unless another was chosen. */
  get comparedWith(): Item | undefined {
    const { reference, items } = this;
    return reference !== undefined && items.includes(reference) ? reference : items[0];
  }

  use(item: Item): void {
    uses += 1;
    item.used = uses;
  }

  /** What is to be worked on next: what is shown, then the first of those that wait. */
  next(wanted: ReadonlySet<Item>): Item | undefined {
    const waits = (item: Item): boolean => item.state === 'waiting';
    if (this.shown !== undefined && waits(this.shown)) return this.shown;
    return this.items.find((item) => waits(item) && wanted.has(item)) ?? this.items.find(waits);
  }

  /** Bytes that all results take. */
  get bytes(): number {
    return this.items.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** The result that is to be let go first. */
  oldest(keeping: ReadonlySet<Item>): Item | undefined {
    return this.items
      .filter((item) => item.state === 'done' && item !== this.shown && !keeping.has(item))
      .toSorted((a, b) => a.used - b.used)[0];
  }
}
