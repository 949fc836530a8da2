import type { PickleBytes } from './pickle-bytes.js';
import { PickleDict, PickleList, PickleObject, PickleTuple, type PickleValue } from './pickle-values.js';
import { shown } from '../../printable.js';
import { storageOfPersistentId } from './rebuild-tensor.js';
import type { StorageReference } from './tensor-reference.js';
import type { Work } from './work.js';

const deepest = 1000;
const largestMemo = 2_000_000;

/** The stack machine that pickles are programs of: a stack with marks in it, and a memo. */
export class PickleMachine {
  readonly #stack: PickleValue[] = [];
  /** Heights of the stack at which a mark lies. */
  readonly #marks: number[] = [];
  readonly storages = new Map<string, StorageReference>();
  readonly #memo = new Map<number, PickleValue>();

  constructor(
    readonly source: PickleBytes,
    readonly work: Work,
  ) {}

  /** Pushes what a persistent id names: numbers outside of the pickle. */
  pushPersistent(id: PickleValue): void {
    const storage = storageOfPersistentId(id, this.work);
    const { key, dtype, elements } = storage;
    const known = this.storages.get(key) ?? storage;
    if (known.dtype !== dtype || known.elements !== elements)
      throw this.work.damaged(`storage ${shown(key)} is of two kinds or lengths`);
    this.storages.set(key, known);
    this.push(storage);
  }

  push(value: PickleValue): void {
    this.work.spend(costOf(value));
    this.#stack.push(value);
  }

  /** The value on top, which is left there. */
  top(): PickleValue {
    const value = this.#stack.length > (this.#marks.at(-1) ?? 0) ? this.#stack.at(-1) : undefined;
    if (value === undefined) throw this.work.damaged('a pickle in it takes from an empty stack');
    return value;
  }

  pop(): PickleValue {
    const value = this.top();
    this.#stack.pop();
    return value;
  }

  mark(): void {
    if (this.#marks.length >= deepest)
      throw this.work.damaged(`a pickle in it is nested deeper than ${deepest}`);
    this.#marks.push(this.#stack.length);
  }

  /** Takes everything above the last mark, and the mark. */
  popToMark(): PickleValue[] {
    const height = this.#marks.pop();
    if (height === undefined) throw this.work.damaged('a pickle in it has no mark where one is needed');
    return this.#stack.splice(height);
  }

  /** Takes off the last mark, if it lies on top. */
  popEmptyMark(): boolean {
    if (this.#marks.at(-1) !== this.#stack.length) return false;
    this.#marks.pop();
    return true;
  }

  remember(index = this.#memo.size): void {
    if (this.#memo.size >= largestMemo)
      throw this.work.damaged(`a pickle in it remembers more than ${largestMemo} values`);
    this.#memo.set(index, this.top());
  }

  recall(index: number): void {
    const value = this.#memo.get(index);
    if (value === undefined)
      throw this.work.damaged(`a pickle in it recalls value ${index}, which it never had`);
    this.#stack.push(value);
  }
}

/** Memory counts as work, too: what takes some hundred bytes costs more than a number. */
function costOf(value: PickleValue): number {
  if (value instanceof PickleTuple) return 2;
  return value instanceof PickleDict || value instanceof PickleList || value instanceof PickleObject ? 8 : 0;
}
