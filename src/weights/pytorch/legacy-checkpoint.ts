import { RevelaError } from '../../errors.js';
import type { OpenFile } from '../open-file.js';
import { truncated } from '../truncated.js';
import type { Checkpoint } from './checkpoint.js';
import { OutOfBytes } from './pickle-bytes.js';
import { PickleDict, PickleList, type PickleValue } from './pickle-values.js';
import type { StorageReference } from './tensor-reference.js';
import { unpickle, type Unpickled } from './unpickle.js';
import { longestPickle, type Work, workOn } from './work.js';

const magicNumber = 0x1950a86a20f9469cfc6cn;
const protocolVersion = 1001;

/** The pickles come first, and their length stands nowhere: so much is read, then eight times as much, and so on. */
const firstWindow = 2 ** 18;

/**
 * Reads the pickles of what PyTorch wrote before 1.6: a magic number, the version, facts about the machine, the value,
 * and the list of its storages' keys; then the storages in that order, each its number of elements (64 bits) and them.
 *
 * @throws RevelaError if it is damaged, truncated, another pickle than PyTorch's, or wants more than tensors
 */
export async function openLegacyCheckpoint(file: OpenFile): Promise<Checkpoint> {
  const work = workOn(file.name);
  const { value, storages, keys, end } = await readPickles(file);
  const places = placesOf(keys, storages, end, work);
  const last = [...places.values()].at(-1);
  const fileEnd = last === undefined ? end : last.offset + last.byteLength;
  if (fileEnd > file.size) throw truncated(file.name, fileEnd, file.size);
  return {
    format: 'pytorch-legacy',
    value,
    async readStorage({ key }) {
      const place = places.get(key);
      if (place === undefined) throw work.damaged(`it has no storage ${key}`);
      const [length] = new BigInt64Array(await file.read(place.offset - 8, 8));
      if (length !== BigInt(place.elements))
        throw work.damaged(`storage ${key} has another length than its tensors expect`);
      return file.read(place.offset, place.byteLength);
    },
  };
}

interface Pickles {
  readonly value: PickleValue;
  readonly storages: ReadonlyMap<string, StorageReference>;
  readonly keys: readonly string[];
  /** Where the storages begin. */
  readonly end: number;
}

async function readPickles(file: OpenFile): Promise<Pickles> {
  for (let window = firstWindow; ; window *= 8) {
    const whole = window >= Math.min(file.size, 2 * longestPickle);
    const bytes = new Uint8Array(await file.read(0, Math.min(window, file.size, 2 * longestPickle)));
    try {
      return parsePickles(bytes, file.name);
    } catch (error) {
      if (!(error instanceof OutOfBytes)) throw error;
      if (whole) throw workOn(file.name).damaged('its pickles end too early');
    }
  }
}

function parsePickles(bytes: Uint8Array, name: string): Pickles {
  const work = workOn(name);
  let at = 0;
  const next = (): Unpickled => {
    const unpickled = unpickle(bytes, at, work);
    at = unpickled.end;
    return unpickled;
  };
  if (next().value !== magicNumber)
    throw new RevelaError(
      `${name} is a pickle, but not one of PyTorch; give a .pth, .pt, .ckpt or .safetensors file`,
    );
  const version = next().value;
  if (version !== protocolVersion) throw work.damaged(`its version is not ${protocolVersion}`);
  const machine = next().value;
  if (machine instanceof PickleDict && machine.entries.get('little_endian') === false)
    throw new RevelaError(`${name} holds big-endian numbers; save it on another machine, or as safetensors`);
  const { value, storages } = next();
  const list = next().value;
  if (!(list instanceof PickleList)) throw work.damaged('it has no list of its storages');
  const keys = list.items.filter((key) => typeof key === 'string');
  return { value, storages, keys, end: at };
}

interface Place {
  readonly offset: number;
  readonly byteLength: number;
  readonly elements: number;
}

/** Where the storages lie, one after the other. */
function placesOf(
  keys: readonly string[],
  storages: ReadonlyMap<string, StorageReference>,
  begin: number,
  work: Work,
): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  let offset = begin;
  for (const key of keys) {
    const storage = storages.get(key);
    if (storage === undefined || places.has(key))
      throw work.damaged('its list of storages does not fit its tensors');
    places.set(key, { offset: offset + 8, byteLength: storage.byteLength, elements: storage.elements });
    offset += 8 + storage.byteLength;
  }
  return places;
}
