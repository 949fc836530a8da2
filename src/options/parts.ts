import { type GenericSchema, optional, picklist, strictObject, union } from 'valibot';
import { wrong } from './declared.js';
import type { Facts, Option, Options, OptionsOf } from './option.js';
import { bySchema, schemaOf } from './schema.js';

/** What an object of declared fields must be like. */
function objectOf(fields: Options): GenericSchema {
  const entries = Object.entries(fields).map(([name, field]) => [
    name,
    field.need === 'required' ? schemaOf(field) : optional(schemaOf(field)),
  ]);
  return strictObject(Object.fromEntries(entries));
}

/**
 * An object whose fields are declared as options are; each has a flag of its own.
 *
 * @example
 * parts({ pixel: number({ flag: 'weight-pixel', from: 0, words: '…' }) }, { words: '…' }); // { pixel: 0.5 }, --weight-pixel 0.5
 */
export function parts<Group extends Options>(
  fields: Group,
  facts: Facts,
): Option<OptionsOf<Group>, OptionsOf<Group>, 'optional'>;
export function parts(fields: Options, facts: Facts): Option {
  const expected = `an object of ${Object.keys(fields).join(', ')}`;
  const checks = bySchema(objectOf(fields));
  return { ...facts, ...checks, parts: fields, expected, code: wrong, need: 'optional', typable: true };
}

/**
 * One of a list of names, or an object of declared fields for what has no name; its flag takes the name.
 *
 * @example
 * nameOr(['alex', 'vgg'], { network: …, weights: …, backbone: … }, { words: 'an LPIPS loss through this network' });
 */
export function nameOr<const Names extends readonly string[], Group extends Options>(
  names: Names,
  fields: Group,
  facts: Facts,
): Option<Names[number] | OptionsOf<Group>, Names[number], 'optional'>;
export function nameOr(names: readonly string[], fields: Options, facts: Facts): Option {
  const expected = `one of ${names.join(', ')}, or an object of ${Object.keys(fields).join(', ')}`;
  return {
    value: 'NAME',
    ...facts,
    ...{ parts: fields, expected, choices: names, code: wrong, need: 'optional', typable: true },
    ...bySchema(union([picklist(names), objectOf(fields)], expected)),
    read: (typed) => typed,
  };
}
