import type { StoredDtype } from '../stored-tensor.js';
import {
  type Meaning,
  PickleDict,
  PickleList,
  PickleName,
  PickleObject,
  PickleOpaque,
  PickleTuple,
  type PickleValue,
  type Rebuild,
  torchScriptClasses,
} from './pickle-values.js';
import { isMention, isSettingsClass } from './settings-classes.js';
import { rebuildParameter, rebuildTensor, rebuildTensorOfBytes } from './rebuild-tensor.js';
import type { Work } from './work.js';

/**
 * Looks a name up that a pickle wants to use.
 *
 * @throws RevelaError that names it, where it is not on the list
 */
export function allowedName(name: string, work: Work): PickleName {
  const meaning =
    meanings.get(name) ??
    (isTorchScriptClass(name) || isSettingsClass(name)
      ? ({ kind: 'class' } as const)
      : isMention(name)
        ? ({ kind: 'mention' } as const)
        : undefined);
  if (meaning !== undefined) return new PickleName(name, meaning);
  const numbers = /^torch\.((?:float[48]_|complex|qu?int)\w+)$/.exec(name)?.[1];
  throw numbers === undefined ? work.refused(name) : work.unreadNumbers(numbers);
}

/** Calls a name, or makes an object of it. */
export function instantiate(callee: PickleValue, args: PickleValue, work: Work): PickleValue {
  if (!(callee instanceof PickleName) || !(args instanceof PickleTuple))
    throw work.damaged('something is called that is no function');
  const { name, meaning } = callee;
  if (meaning.kind === 'call') return meaning.rebuild(args.items, work);
  if (meaning.kind === 'class') return new PickleObject(name);
  throw work.refused(`a call of ${name}`);
}

/** The classes of TorchScript modules are code in the archive that is not read; those of C++ are something else. */
function isTorchScriptClass(name: string): boolean {
  return name.startsWith(torchScriptClasses) && !name.startsWith(`${torchScriptClasses}torch.classes.`);
}

const storages: Readonly<Record<string, StoredDtype>> = {
  DoubleStorage: 'F64',
  FloatStorage: 'F32',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
};

const dtypes: Readonly<Record<string, StoredDtype>> = {
  float64: 'F64',
  float32: 'F32',
  float16: 'F16',
  bfloat16: 'BF16',
  int64: 'I64',
  int32: 'I32',
  int16: 'I16',
  int8: 'I8',
  uint64: 'U64',
  uint32: 'U32',
  uint16: 'U16',
  uint8: 'U8',
  bool: 'BOOL',
};

/** `OrderedDict()` or, as Python 2 wrote it, `OrderedDict([[key, value], …])`. */
const orderedDict: Rebuild = ([pairs], work) => {
  const dict = new PickleDict();
  if (pairs instanceof PickleDict) return pairs;
  const items = pairs instanceof PickleList || pairs instanceof PickleTuple ? pairs.items : [];
  work.spend(items.length);
  for (const pair of items) {
    const [key, value] = pair instanceof PickleList || pair instanceof PickleTuple ? pair.items : [];
    if (key === undefined || value === undefined)
      throw work.damaged('an OrderedDict has an entry that is no pair');
    dict.entries.set(key, value);
  }
  return dict;
};

const tensorRebuilders: Readonly<Record<string, Rebuild>> = {
  'torch._utils._rebuild_tensor': rebuildTensor,
  'torch._utils._rebuild_tensor_v2': rebuildTensor,
  'torch._utils._rebuild_tensor_v3': rebuildTensorOfBytes,
  'torch._utils._rebuild_parameter': rebuildParameter,
  'torch._utils._rebuild_parameter_with_state': rebuildParameter,
};

/** `_rebuild_from_type_v2(function, type, arguments, state)`: a tensor of a subclass, or with attributes. */
const tensorOfType: Rebuild = ([rebuilder, , args], work) => {
  const rebuild = rebuilder instanceof PickleName ? tensorRebuilders[rebuilder.name] : undefined;
  if (rebuild === undefined || !(args instanceof PickleTuple))
    throw work.damaged('a tensor cannot be rebuilt');
  return rebuild(args.items, work);
};

const itsArgument: Rebuild = ([argument = null]) => argument;
const opaque =
  (what: string): Rebuild =>
  () =>
    new PickleOpaque(what);

const calls: Readonly<Record<string, Rebuild>> = {
  ...tensorRebuilders,
  'torch._tensor._rebuild_from_type_v2': tensorOfType,
  'collections.OrderedDict': orderedDict,
  'collections.Counter': orderedDict,
  'collections.defaultdict': () => new PickleDict(),
  'torch.Size': itsArgument,
  'torch.device': opaque('torch.device'),
  'torch.jit._pickle.build_intlist': itsArgument,
  'torch.jit._pickle.build_doublelist': itsArgument,
  'torch.jit._pickle.build_boollist': itsArgument,
  'torch.jit._pickle.build_tensorlist': itsArgument,
  'torch.jit._pickle.restore_type_tag': itsArgument,
  // Numbers and arrays of NumPy, such as a best score, are not weights: they are left out.
  '_codecs.encode': opaque('bytes'),
  'numpy.dtype': opaque('numpy.dtype'),
  ...Object.fromEntries(
    ['numpy.core.multiarray', 'numpy._core.multiarray'].flatMap((module) => [
      [`${module}.scalar`, opaque('numpy scalar')],
      [`${module}._reconstruct`, opaque('numpy.ndarray')],
    ]),
  ),
  ...Object.fromEntries(
    ['builtins', '__builtin__'].flatMap((module) =>
      ['set', 'frozenset', 'bytearray', 'complex'].map((name) => [`${module}.${name}`, opaque(name)]),
    ),
  ),
};

const meanings: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ...Object.entries(storages).flatMap(([name, dtype]): [string, Meaning][] => [
    [`torch.${name}`, { kind: 'storage', dtype }],
    [`torch.cuda.${name}`, { kind: 'storage', dtype }],
  ]),
  ...['torch.UntypedStorage', 'torch.storage.UntypedStorage', 'torch.storage._UntypedStorage'].map(
    (name): [string, Meaning] => [name, { kind: 'storage', dtype: undefined }],
  ),
  ...Object.entries(dtypes).map(([name, dtype]): [string, Meaning] => [
    `torch.${name}`,
    { kind: 'dtype', dtype },
  ]),
  ...Object.entries(calls).map(([name, rebuild]): [string, Meaning] => [name, { kind: 'call', rebuild }]),
]);
