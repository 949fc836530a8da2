import { basename, dirname, extname, join } from 'node:path';
import { checkOutput, describePicture, formatOfPath, searchPictures } from '../api/index.js';
import { OptionError, optionError } from '../errors.js';
import { checked, type Options, path as pathOption } from '../options/index.js';
import type { Confined } from '../confined.js';
import type { Engine } from './engine.js';
import type { Operation, Operations, Watched } from './operations.js';
import { schemaOf, wordsOf } from './parameters.js';
import { writeImage } from './write-result.js';

/** A tool as an assistant is told of it. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: {
    readonly type: 'object';
    readonly properties: Readonly<Record<string, object>>;
    readonly required: string[];
    readonly additionalProperties: false;
  };
}

/** What an assistant gives to a tool. */
export type ToolInput = Readonly<Record<string, unknown>>;

/** What tools work with. */
export interface ToolParts {
  readonly confined: Confined;
  readonly engine: Engine;
  readonly operations: Operations;
}

const path = (description: string): object => ({ type: 'string', description });

const listing = 'list_pictures';
const listingOptions = { folder: pathOption({ words: 'the folder', usual: 'the first of these' }) };

/** Options as the properties of a schema. */
const propertiesOf = (options: Options): Readonly<Record<string, object>> =>
  Object.fromEntries(
    Object.entries(options).map(([name, declared]) => [
      name,
      { description: wordsOf(declared), ...schemaOf(declared) },
    ]),
  );

/** The tools: what operations do to files, and a list of the pictures that there are. */
export function toolsOf({ confined, operations }: ToolParts): readonly Tool[] {
  const where = `Paths lie in ${confined.folders.join(', ')}.`;
  return [
    {
      name: listing,
      description: `Lists the pictures of a folder, with their sizes. ${where}`,
      inputSchema: schema(propertiesOf(listingOptions), []),
    },
    ...Object.entries(operations).map(([name, operation]) => ({
      name,
      description: `${operation.summary} ${where}`,
      inputSchema: schema(
        {
          ...Object.fromEntries(
            operation.pictures.map((picture) => [picture, path(`file of the ${picture}`)]),
          ),
          ...(operation.answer === 'picture'
            ? { output: path('file to write, which must not be there yet; default: beside the picture') }
            : {}),
          ...propertiesOf(operation.parameters),
        },
        [...operation.pictures],
      ),
    })),
  ];
}

const schema = (properties: Readonly<Record<string, object>>, required: string[]): Tool['inputSchema'] => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

/**
 * Does what a tool does.
 *
 * @throws RevelaError for paths outside of the folders, results that are there already, and as the operation does
 */
export async function callTool(
  name: string,
  input: ToolInput,
  parts: ToolParts,
  watched: Watched,
): Promise<object> {
  if (name === listing) return listed(input, parts, watched);
  const operation = Object.hasOwn(parts.operations, name) ? parts.operations[name] : undefined;
  if (operation === undefined)
    throw new OptionError(
      `there is no tool ${name.slice(0, 60)}; there are ${toolsOf(parts)
        .map((tool) => tool.name)
        .join(', ')}`,
    );
  return worked(name, operation, input, parts, watched);
}

async function listed(
  input: ToolInput,
  { confined }: ToolParts,
  { signal }: Pick<Watched, 'signal'>,
): Promise<object> {
  const { folder = '.' } = checked(listing, listingOptions, input);
  const { pictures, leftOut } = await searchPictures([await confined.existing(folder)]);
  const found: object[] = [];
  for (const picture of pictures) {
    signal.throwIfAborted();
    const real = await confined.existing(picture.path).catch(() => undefined);
    if (real === undefined) continue; // a link to somewhere else
    const about = await describePicture(real).catch(() => undefined);
    const size = about && { format: about.format, width: about.width, height: about.height };
    found.push({ path: picture.path, ...size });
  }
  return { pictures: found, leftOut: leftOut.text };
}

async function worked(
  name: string,
  { pictures, answer, parameters, work }: Operation,
  input: ToolInput,
  { confined, engine }: ToolParts,
  watched: Watched,
): Promise<object> {
  const paths: readonly string[] = answer === 'picture' ? [...pictures, 'output'] : pictures;
  const options = Object.entries(input).filter(([option]) => !paths.includes(option));
  const doing = work(new Map(options.map(([option, value]) => [option, String(value)] as const)));
  const files = await Promise.all(pictures.map((which) => confined.existing(needed(input, which))));
  const [file = ''] = files;
  const format = 'format' in parameters ? textOf(input, 'format') : undefined;
  const output =
    answer === 'picture'
      ? await confined.fresh(textOf(input, 'output') ?? besides(file, name, format))
      : undefined;
  if (output !== undefined) {
    await checkOutput(output);
    if (format !== undefined && format !== formatOfPath(output))
      throw new OptionError(`\`output\` ${output} and \`format\` ${format} disagree: leave one of them out`);
  }
  const begin = performance.now();
  const { image, facts, weights, device } = await doing(engine, files, watched);
  const told = { weights, device, seconds: Math.round(performance.now() - begin) / 1000, ...facts };
  if (image === undefined || output === undefined) return told;
  const lost = await writeImage(
    output,
    { ...image, format: formatOfPath(output) ?? image.picture.format },
    file,
  );
  return { output, changed: image.changed, ...told, ...(lost.length === 0 ? {} : { lost }) };
}

const endings: Readonly<Record<string, string>> = { jpeg: '.jpg', tiff: '.tif' };

/** Beside the picture: `photo.denoise.jpg`. */
function besides(file: string, name: string, format: string | undefined): string {
  const extension = extname(file);
  const ending = format === undefined ? extension : (endings[format] ?? `.${format}`);
  return join(dirname(file), `${basename(file, extension)}.${name}${ending}`);
}

function textOf(input: ToolInput, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || (typeof value === 'string' && value !== '')) return value;
  throw optionError(name, 'a text', value);
}

function needed(input: ToolInput, name: string): string {
  const value = textOf(input, name);
  if (value === undefined) throw optionError(name, 'a path', 'nothing');
  return value;
}
