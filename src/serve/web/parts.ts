/** The element of that name and kind. */
function part<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const element = document.getElementById(id);
  if (!(element instanceof kind)) throw new Error(`the page has no ${id}`);
  return element;
}

const button = (id: string): HTMLButtonElement => part(id, HTMLButtonElement);
const input = (id: string): HTMLInputElement => part(id, HTMLInputElement);
const element = (id: string): HTMLElement => part(id, HTMLElement);

/** What the page consists of. */
export const parts = {
  host: element('host'),
  problem: element('problem'),
  problemText: element('problem-text'),
  asking: part('asking', HTMLFormElement),
  operations: element('operations'),
  summary: element('summary'),
  tokenField: element('token-field'),
  token: input('token'),
  picture: input('picture'),
  referenceField: element('reference-field'),
  reference: input('reference'),
  options: element('options'),
  begin: button('begin'),
  stop: button('stop'),
  progress: element('progress'),
  facts: element('facts'),
  work: element('work'),
  fit: button('fit'),
  actual: button('actual'),
  save: part('save', HTMLAnchorElement),
  view: element('view'),
  stage: element('stage'),
  before: part('before', HTMLImageElement),
  after: part('after', HTMLImageElement),
  split: input('split'),
  answer: element('answer'),
  command: element('command'),
};
