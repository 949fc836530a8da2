import { custom, type GenericSchema, safeParse } from 'valibot';
import type { Option } from './option.js';

/** The check of a text, or of what is made of others: a schema, which also says where inside a value something is wrong. */
export const bySchema = (schema: GenericSchema): Required<Pick<Option, 'schema' | 'fits'>> => ({
  schema,
  fits: (value) => safeParse(schema, value).success,
});

/** The schema of any option, for larger ones that it is a part of. */
export const schemaOf = ({ schema, fits, expected }: Option): GenericSchema =>
  schema ?? custom<unknown>(fits, expected);
