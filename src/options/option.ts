import type { GenericSchema } from 'valibot';
import type { ErrorCode } from '../errors.js';
import type { American } from './spelling.js';

/** Whether an option may be left out, and whether it then has a value. */
export type Need = 'optional' | 'defaulted' | 'required';

/** How an option is typed, where its name alone does not say so. */
export interface FlagFacts {
  /** One letter. */
  readonly short?: string;
  /** The flag without its hyphens; default: the option's name with hyphens. */
  readonly flag?: string;
  /** What stands for the value in help: `PIXELS`, or `[METRIC]` where the value may be left out; a switch has none. */
  readonly value?: string;
  /** A switch with two forms: the help of `--no-…`. */
  readonly off?: string;
}

/** What every declaration says. */
export interface Facts extends FlagFacts {
  /** What it is for, in a few words: for help and the reference page. */
  readonly words: string;
  /**
   * What happens where it is left out, in words; needed where `default` does not say it. `required`: whoever looks at it cannot do
   * without it.
   */
  readonly usual?: string;
  /** Whose option it is where several share a group: the measures, methods or stages that look at it. */
  readonly of?: readonly string[];
}

/**
 * An option, declared once: its type, bounds, default, flag, and words. A plain object of them is a group; groups are put together by
 * spreading them.
 *
 * @typeParam Value what programs give
 * @typeParam Typed what the command passes on; `never` where there is no flag
 */
export interface Option<Value = unknown, Typed = unknown, Needed extends Need = Need> extends Facts {
  /** What it must be, for messages: `a number from 0 to 100`. */
  readonly expected: string;
  /** The one check, of library, command and files. */
  readonly fits: (value: unknown) => boolean;
  /** What it is made from, where a schema says more; numbers, choices and switches do without the library of schemas. */
  readonly schema?: GenericSchema;
  /** The code of the error for a wrong value. */
  readonly code: ErrorCode;
  readonly need: Needed;
  readonly default?: Value;
  /** What can be chosen, where that is a list. */
  readonly choices?: readonly string[];
  /** Of a number: what it counts. */
  readonly unit?: string;
  /** The value in a text that was typed; missing for switches, and where there is no flag. A flag that repeats also gets what came before. */
  readonly read?: (text: string, before?: unknown) => unknown;
  /** Of a list of objects: their fields, of which each has a flag that repeats, in place of one for the list. */
  readonly fields?: Options;
  /** Of an object: its fields. Without `read` each has a flag of its own, in place of one for the object. */
  readonly parts?: Options;
  /** Whether there is a flag. */
  readonly typable: boolean;
  /** Never set: what the command passes on. */
  readonly typed?: Typed;
}

/** Options by their names in TypeScript. */
export type Options = Readonly<Record<string, Option>>;

type ValueOf<One> = One extends Option<infer Value, unknown> ? Value : never;
type TypedOf<One> = One extends Option<unknown, infer Typed> ? Typed : never;
type NeedOf<One> = One extends Option<unknown, unknown, infer Needed> ? Needed : never;
type Named<Group, Needed extends Need> = {
  [Name in keyof Group]: NeedOf<Group[Name]> extends Needed ? Name : never;
}[keyof Group];

/** What a program gives: every option under its name, in British or American spelling; `undefined` is as if it were left out. */
export type OptionsOf<Group> = {
  readonly [Name in Named<Group, 'required'>]: ValueOf<Group[Name]>;
} & {
  readonly [Name in Exclude<keyof Group, Named<Group, 'required'>>]?: ValueOf<Group[Name]> | undefined;
} & {
  readonly [Name in keyof Group as American<Name>]?: ValueOf<Group[Name]> | undefined;
};

/** The options with their defaults. */
export type Settled<Group> = {
  readonly [Name in keyof Group]: NeedOf<Group[Name]> extends 'optional'
    ? ValueOf<Group[Name]> | undefined
    : ValueOf<Group[Name]>;
};

/** What the command got for the options that have flags; what was not typed is missing. */
export type FlagsOf<Group> = {
  readonly [Name in keyof Group as [TypedOf<Group[Name]>] extends [never] ? never : Name]?:
    | TypedOf<Group[Name]>
    | undefined;
};
