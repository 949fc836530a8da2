/** The same fields without those that are `undefined`: what may be left out is left out. */
export type Present<Fields> = {
  [Name in keyof Fields as undefined extends Fields[Name] ? never : Name]: Fields[Name];
} & {
  [Name in keyof Fields as undefined extends Fields[Name] ? Name : never]?: Exclude<Fields[Name], undefined>;
};

/**
 * Leaves out the fields that are `undefined`, so that defaults and `in` work as if they had never been written.
 *
 * @example
 * present({ width: 4, alpha: undefined }); // { width: 4 }
 */
export function present<Fields extends object>(fields: Fields): Present<Fields>;
export function present(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
