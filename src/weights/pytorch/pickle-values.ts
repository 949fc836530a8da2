import type { StoredDtype } from '../stored-tensor.js';
import type { StorageReference, TensorReference } from './tensor-reference.js';
import type { Work } from './work.js';

/**
 * What a pickle can stand for here: plain values, containers, and references to the numbers that lie beside it.
 * Containers may hold themselves and each other, so whoever walks them has to keep count.
 */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | PickleList
  | PickleTuple
  | PickleDict
  | PickleObject
  | PickleOpaque
  | PickleName
  | StorageReference
  | TensorReference;

/** Python's `list`. */
export class PickleList {
  readonly kind = 'list';
  readonly items: PickleValue[] = [];
}

/** Python's `tuple`. */
export class PickleTuple {
  readonly kind = 'tuple';
  constructor(readonly items: readonly PickleValue[]) {}
}

/** Python's `dict` and those like it. Keys that are containers are told apart by identity, not by value. */
export class PickleDict {
  readonly kind = 'dict';
  readonly entries = new Map<PickleValue, PickleValue>();
}

/** A module of a TorchScript archive or a bag of settings: a class by its name only, and its attributes or entries. */
export class PickleObject {
  readonly kind = 'object';
  state: PickleValue = null;
  constructor(readonly className: string) {}

  /** Whether it is a module of a TorchScript archive, whose attributes are tensors and modules. */
  get isModule(): boolean {
    return this.className.startsWith(torchScriptClasses);
  }
}

/** What the names of the classes in a TorchScript archive begin with. */
export const torchScriptClasses = '__torch__.';

/** Something that is harmless and of no use for weights, such as a device or bytes: its content is left out. */
export class PickleOpaque {
  readonly kind = 'opaque';
  constructor(readonly what: string) {}
}

/** Rebuilds a value out of arguments, as the function of that name does in Python. */
export type Rebuild = (args: readonly PickleValue[], work: Work) => PickleValue;

/** What a name on the list stands for. */
export type Meaning =
  | { readonly kind: 'storage'; readonly dtype: StoredDtype | undefined }
  | { readonly kind: 'dtype'; readonly dtype: StoredDtype }
  | { readonly kind: 'call'; readonly rebuild: Rebuild }
  /** A class of which objects may be made, with attributes and without behaviour. */
  | { readonly kind: 'class' }
  /** A class or function that may be named, not used. */
  | { readonly kind: 'mention' };

/** A name in a pickle, `module.name`, that is on the list. */
export class PickleName {
  readonly kind = 'name';
  constructor(
    readonly name: string,
    readonly meaning: Meaning,
  ) {}
}
