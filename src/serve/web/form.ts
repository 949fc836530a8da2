import { at, entriesOf, textOf } from './json.js';

/** An operation as the OpenAPI document tells it. */
export interface Operation {
  readonly name: string;
  readonly summary: string;
  readonly parameters: readonly unknown[];
  /** Whether it takes a form with two pictures. */
  readonly compares: boolean;
}

/** The operations that an OpenAPI document tells of, in its order. */
export function operationsOf(document: unknown): readonly Operation[] {
  return entriesOf(at(document, 'paths')).flatMap(([path, item]) => {
    const post = at(item, 'post');
    if (post === undefined) return [];
    const parameters = entriesOf(at(post, 'parameters')).map(([, parameter]) => parameter);
    return [
      {
        name: path.replace('/v1/', ''),
        summary: textOf(at(post, 'summary')),
        parameters: parameters.filter((parameter) => at(parameter, 'in') === 'query'),
        compares: at(post, 'requestBody', 'content', 'multipart/form-data') !== undefined,
      },
    ];
  });
}

/** The field of an option: what it takes is that of its schema; empty, it is as the service has it. */
export function fieldOf(parameter: unknown): HTMLElement {
  const name = textOf(at(parameter, 'name'));
  const schema = at(parameter, 'schema');
  const field = document.createElement('div');
  field.className = 'field';
  const label = document.createElement('label');
  label.htmlFor = `option-${name}`;
  label.textContent = name;
  const words = document.createElement('span');
  words.className = 'quiet';
  words.id = `words-${name}`;
  words.textContent = textOf(at(parameter, 'description')).replace(/\. Also as a header.*$/, '');
  const control = controlOf(schema);
  control.id = `option-${name}`;
  control.name = name;
  control.setAttribute('aria-describedby', words.id);
  field.append(label, control, words);
  return field;
}

function controlOf(schema: unknown): HTMLInputElement | HTMLSelectElement {
  const type = textOf(at(schema, 'type'));
  const choices =
    type === 'boolean' ? ['true', 'false'] : entriesOf(at(schema, 'enum')).map(([, one]) => textOf(one));
  if (choices.length > 0) {
    const select = document.createElement('select');
    select.append(...['', ...choices].map((choice) => new Option(choice, choice)));
    return select;
  }
  const input = document.createElement('input');
  const isNumber = type === 'integer' || type === 'number';
  input.type = isNumber ? 'number' : 'text';
  if (isNumber) input.step = type === 'integer' ? '1' : 'any';
  for (const [attribute, bound] of [
    ['min', at(schema, 'minimum')],
    ['max', at(schema, 'maximum')],
  ] as const)
    if (typeof bound === 'number') input.setAttribute(attribute, String(bound));
  return input;
}

/** What was filled in, as a query with its question mark; empty where nothing was. */
export function queryOf(fields: HTMLElement): string {
  const query = new URLSearchParams();
  for (const control of fields.querySelectorAll<HTMLInputElement | HTMLSelectElement>('input, select'))
    if (control.value !== '') query.set(control.name, control.value);
  return query.size === 0 ? '' : `?${query}`;
}
