import { allowedName, instantiate } from './allowed-names.js';
import type { PickleMachine } from './pickle-machine.js';
import {
  PickleDict,
  PickleList,
  PickleObject,
  PickleOpaque,
  PickleTuple,
  type PickleValue,
} from './pickle-values.js';

/** Ends a pickle; the value on top of the stack is its result. */
export const STOP = 0x2e;

/** The longest whole number that is read, in bytes and in digits: far beyond any in a checkpoint. */
const longestLong = 64;

type Instruction = (machine: PickleMachine) => void;

/** The instructions of all protocols, by their bytes: as `pickletools` of Python's library documents them. */
export const instructions: ReadonlyMap<number, Instruction> = new Map<number, Instruction>([
  // Framing
  [0x80, (m) => void m.source.uint8()], // PROTO
  [0x95, (m) => void m.source.uint64()], // FRAME

  // Plain values
  [code('N'), (m) => m.push(null)],
  [0x88, (m) => m.push(true)], // NEWTRUE
  [0x89, (m) => m.push(false)], // NEWFALSE
  [code('K'), (m) => m.push(m.source.uint8())], // BININT1
  [code('M'), (m) => m.push(m.source.uint16())], // BININT2
  [code('J'), (m) => m.push(m.source.int32())], // BININT
  [0x8a, (m) => pushLong(m, m.source.uint8())], // LONG1
  [0x8b, (m) => pushLong(m, m.source.uint32())], // LONG4
  [code('I'), pushDecimal], // INT
  [code('L'), pushDecimal], // LONG
  [code('G'), (m) => m.push(m.source.float64())], // BINFLOAT
  [code('F'), (m) => m.push(Number(m.source.line()))], // FLOAT

  // Text and bytes
  [code('X'), (m) => m.push(m.source.text(m.source.uint32()))], // BINUNICODE
  [0x8c, (m) => m.push(m.source.text(m.source.uint8()))], // SHORT_BINUNICODE
  [0x8d, (m) => m.push(m.source.text(m.source.uint64()))], // BINUNICODE8
  [code('V'), (m) => m.push(m.source.line())], // UNICODE
  [code('S'), (m) => m.push(m.source.line().replace(/^(['"])(.*)\1$/, '$2'))], // STRING
  [code('T'), (m) => m.push(m.source.text(m.source.uint32()))], // BINSTRING, of Python 2
  [code('U'), (m) => m.push(m.source.text(m.source.uint8()))], // SHORT_BINSTRING, of Python 2
  [code('B'), (m) => pushBytes(m, m.source.uint32())], // BINBYTES
  [code('C'), (m) => pushBytes(m, m.source.uint8())], // SHORT_BINBYTES
  [0x8e, (m) => pushBytes(m, m.source.uint64())], // BINBYTES8
  [0x96, (m) => pushBytes(m, m.source.uint64())], // BYTEARRAY8

  // Containers
  [code(')'), (m) => m.push(new PickleTuple([]))],
  [code('t'), (m) => m.push(new PickleTuple(m.popToMark()))],
  [0x85, (m) => pushTuple(m, 1)],
  [0x86, (m) => pushTuple(m, 2)],
  [0x87, (m) => pushTuple(m, 3)],
  [code(']'), (m) => m.push(new PickleList())],
  [code('l'), (m) => m.push(append(new PickleList(), m.popToMark()))],
  [code('a'), (m) => appendToTop(m, [m.pop()])], // APPEND
  [code('e'), (m) => appendToTop(m, m.popToMark())], // APPENDS
  [code('}'), (m) => m.push(new PickleDict())],
  [code('d'), (m) => m.push(setEntries(m, new PickleDict(), m.popToMark()))],
  [code('s'), (m) => setInTop(m, [m.pop(), m.pop()].reverse())], // SETITEM
  [code('u'), (m) => setInTop(m, m.popToMark())], // SETITEMS
  [0x8f, (m) => m.push(new PickleOpaque('set'))], // EMPTY_SET
  [0x90, (m) => void m.popToMark()], // ADDITEMS: what a set holds is left out
  [0x91, frozenSet],

  // Stack and memo
  [code('('), (m) => m.mark()],
  [code('0'), popOrPopMark],
  [code('1'), (m) => void m.popToMark()],
  [code('2'), (m) => m.push(m.top())],
  [code('q'), (m) => m.remember(m.source.uint8())], // BINPUT
  [code('r'), (m) => m.remember(m.source.uint32())], // LONG_BINPUT
  [code('p'), (m) => m.remember(decimal(m))], // PUT
  [0x94, (m) => m.remember()], // MEMOIZE
  [code('h'), (m) => m.recall(m.source.uint8())], // BINGET
  [code('j'), (m) => m.recall(m.source.uint32())], // LONG_BINGET
  [code('g'), (m) => m.recall(decimal(m))], // GET

  // Names, calls and objects
  [code('c'), (m) => m.push(nameFromLines(m))], // GLOBAL
  [0x93, stackGlobal],
  [code('R'), call],
  [0x81, call], // NEWOBJ
  [0x92, callWithKeywords], // NEWOBJ_EX
  [code('i'), (m) => m.push(instantiate(nameFromLines(m), new PickleTuple(m.popToMark()), m.work))], // INST
  [code('o'), callOnStack], // OBJ
  [code('b'), build],
  [code('Q'), (m) => m.pushPersistent(m.pop())], // BINPERSID
  [code('P'), (m) => m.pushPersistent(m.source.line())], // PERSID

  // What no checkpoint needs
  ...[0x82, 0x83, 0x84].map((byte): [number, Instruction] => [byte, refuse('an extension of copyreg')]),
  ...[0x97, 0x98].map((byte): [number, Instruction] => [byte, refuse('a buffer outside of the pickle')]),
]);

function code(character: string): number {
  return character.charCodeAt(0);
}

function refuse(what: string): Instruction {
  return (m) => {
    throw m.work.refused(what);
  };
}

/** A whole number as JavaScript's where that is exact. */
function whole(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}

function pushLong(m: PickleMachine, length: number): void {
  if (length > longestLong) throw m.work.damaged(`a pickle in it has a number of ${length} bytes`);
  m.push(whole(m.source.long(length)));
}

/** Text as protocol 0 writes numbers: `12`, `12L`; and `00`, `01` for False and True. */
function pushDecimal(m: PickleMachine): void {
  const text = m.source.line();
  if (text === '00' || text === '01') {
    m.push(text === '01');
    return;
  }
  const digits = /^\s*([+-]?\d{1,64})L?\s*$/.exec(text)?.[1];
  if (digits === undefined) throw m.work.damaged('a pickle in it has a number that is none');
  m.push(whole(BigInt(digits.replace(/^\+/, ''))));
}

function decimal(m: PickleMachine): number {
  const text = m.source.line();
  if (!/^\d{1,10}$/.test(text)) throw m.work.damaged('a pickle in it has a place in its memory that is none');
  return Number(text);
}

function pushBytes(m: PickleMachine, length: number): void {
  m.source.take(length);
  m.push(new PickleOpaque('bytes'));
}

function pushTuple(m: PickleMachine, length: 1 | 2 | 3): void {
  m.push(new PickleTuple(Array.from({ length }, () => m.pop()).reverse()));
}

function appendToTop(m: PickleMachine, items: readonly PickleValue[]): void {
  const list = m.top();
  if (!(list instanceof PickleList))
    throw m.work.damaged('a pickle in it appends to something that is no list');
  append(list, items);
}

function append(list: PickleList, items: readonly PickleValue[]): PickleList {
  for (const item of items) list.items.push(item);
  return list;
}

function setInTop(m: PickleMachine, items: readonly PickleValue[]): void {
  const top = m.top();
  // A dict of a class of its own: its entries are what it holds.
  if (top instanceof PickleObject) top.state ??= new PickleDict();
  const dict = top instanceof PickleObject ? top.state : top;
  if (!(dict instanceof PickleDict))
    throw m.work.damaged('a pickle in it sets an entry of something that is no dict');
  setEntries(m, dict, items);
}

/** Sets entries of a dict: key, value, key, value, … */
function setEntries(m: PickleMachine, dict: PickleDict, items: readonly PickleValue[]): PickleDict {
  for (let at = 0; at < items.length; at += 2) {
    const [key, value] = [items[at], items[at + 1]];
    if (key === undefined || value === undefined)
      throw m.work.damaged('a pickle in it has a key without a value');
    dict.entries.set(key, value);
  }
  return dict;
}

function frozenSet(m: PickleMachine): void {
  m.popToMark();
  m.push(new PickleOpaque('frozenset'));
}

/** POP takes off a mark too, if one lies on top. */
function popOrPopMark(m: PickleMachine): void {
  if (!m.popEmptyMark()) m.pop();
}

function nameFromLines(m: PickleMachine): PickleValue {
  const module = m.source.line();
  return allowedName(`${module}.${m.source.line()}`, m.work);
}

function stackGlobal(m: PickleMachine): void {
  const [name, module] = [m.pop(), m.pop()];
  if (typeof name !== 'string' || typeof module !== 'string')
    throw m.work.damaged('a pickle in it has a name that is none');
  m.push(allowedName(`${module}.${name}`, m.work));
}

function call(m: PickleMachine): void {
  const [args, callee] = [m.pop(), m.pop()];
  m.push(instantiate(callee, args, m.work));
}

function callWithKeywords(m: PickleMachine): void {
  const keywords = m.pop();
  if (!(keywords instanceof PickleDict) || keywords.entries.size > 0)
    throw m.work.refused('a call with keywords');
  call(m);
}

function callOnStack(m: PickleMachine): void {
  const [callee = null, ...args] = m.popToMark();
  m.push(instantiate(callee, new PickleTuple(args), m.work));
}

/** Gives an object its attributes. Those of a dict (the versions of a state dict's modules) are not needed. */
function build(m: PickleMachine): void {
  const state = m.pop();
  const target = m.top();
  if (target instanceof PickleObject) target.state = state;
  else if (!(target instanceof PickleDict || target instanceof PickleOpaque))
    throw m.work.damaged('a pickle in it gives attributes to something that has none');
}
