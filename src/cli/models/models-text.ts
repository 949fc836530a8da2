import type { ModelStatus, Verification } from '../../api/index.js';
import { type Fact, factsText } from '../terminal/facts-text.js';
import { sizeText } from '../terminal/wording.js';

const unknown = 'unknown';

const checks: Readonly<Record<Verification, string>> = {
  sha256: 'checked by SHA-256',
  'sha256-beginning': 'checked by the beginning of its SHA-256, the rest of which is unknown',
  size: 'checked by its size alone, its SHA-256 is unknown',
  none: 'not checked, nothing is known of it',
};

/** How a file was checked, to stand after a comma or by itself. */
export function checkText(verified: Verification): string {
  return checks[verified];
}

/** A block of lines for each model. */
export function modelsText(folder: string, models: readonly ModelStatus[]): string {
  const blocks = models.map((model) => factsText(model.name, factsOf(model)));
  return `${blocks.join('\n')}\nModels are kept in ${folder}\n`;
}

function factsOf(model: ModelStatus): Fact[] {
  const { what, url, licence, size, sha256, sha256From } = model;
  return [
    ...(what === undefined ? [] : [['what', what] as const]),
    ['source', url ?? 'registered from a file'],
    ['licence', licence ?? unknown],
    ['size', size === undefined ? unknown : `${sizeText(size)} (${size.toLocaleString('en')} bytes)`],
    [
      'SHA-256',
      sha256 === undefined
        ? unknown
        : `${sha256}${sha256.length < 64 ? '… (the rest is unknown)' : ''}${sha256From === undefined ? '' : `, ${sha256From}`}`,
    ],
    ['here', stateText(model)],
  ];
}

function stateText({ name, state, path, received = 0, problem = '', verified, url }: ModelStatus): string {
  switch (state) {
    case 'there':
      return `${path ?? ''}${verified === undefined ? '' : `, ${checks[verified]}`}`;
    case 'partial':
      return `${sizeText(received)} of an interrupted download; revela models pull ${name} goes on`;
    case 'broken':
      return `not usable: ${problem}`;
    case 'absent':
      return url === undefined ? 'no' : `no; revela models pull ${name}`;
  }
}
