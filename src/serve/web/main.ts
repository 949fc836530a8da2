import { ask, begin, follow, Refused, type ToldJob } from './client.js';
import { fieldOf, type Operation, operationsOf, queryOf } from './form.js';
import { parts } from './parts.js';
import { clearResult, openView, showAfter, showAnswer, showBefore, showProgress } from './view.js';

let chosen: Operation | undefined;
/** The job that is under way. */
let place: string | undefined;

const tell = (text: string): void => {
  parts.problemText.textContent = text;
  parts.problem.hidden = text === '';
};

const token = (): string => parts.token.value.trim();

function tellError(error: unknown): void {
  if (!(error instanceof Refused)) tell('The service cannot be reached.');
  else if (error.status !== 401) tell(`${error.message.charAt(0).toUpperCase()}${error.message.slice(1)}.`);
  else {
    // The first time it asks for one, nobody did anything wrong.
    tell(parts.tokenField.hidden ? '' : 'The service does not know this token.');
    parts.tokenField.hidden = false;
  }
}

/** The line that asks for the same. */
function showCommand(): void {
  if (chosen === undefined) return;
  const path = new URL(`./v1/${chosen.name}${queryOf(parts.options)}`, location.href).href;
  const bearer = parts.tokenField.hidden ? '' : " -H 'Authorization: Bearer TOKEN'";
  const body = chosen.compares ? '-F picture=@a.png -F reference=@b.png' : '--data-binary @photo.jpg';
  parts.command.textContent = `curl${bearer} ${body} '${path}'`;
}

function choose(operation: Operation): void {
  chosen = operation;
  parts.summary.textContent = operation.summary;
  parts.referenceField.hidden = !operation.compares;
  parts.options.replaceChildren(...operation.parameters.map(fieldOf));
  showCommand();
}

function offer(operations: readonly Operation[]): void {
  parts.operations.replaceChildren(
    ...operations.map((operation, index) => {
      const label = document.createElement('label');
      const input = document.createElement('input');
      Object.assign(input, { type: 'radio', name: 'operation', value: operation.name, checked: index === 0 });
      input.addEventListener('change', () => choose(operation));
      const name = document.createElement('span');
      name.textContent = `${operation.name.charAt(0).toUpperCase()}${operation.name.slice(1)}`;
      label.append(input, name);
      return label;
    }),
  );
  const [first] = operations;
  if (first !== undefined) choose(first);
}

const [picture, reference] = [() => parts.picture.files?.[0], () => parts.reference.files?.[0]];

/** What is sent; `undefined` where a picture is missing. */
function bodyOf({ compares }: Operation): Blob | FormData | undefined {
  const [one, other] = [picture(), reference()];
  if (!compares) return one;
  if (one === undefined || other === undefined) return undefined;
  const form = new FormData();
  form.set('picture', one);
  form.set('reference', other);
  return form;
}

function showJob({ state, progress, notes }: ToldJob): void {
  showProgress(state === 'active' && progress > 0 ? progress : undefined);
  parts.facts.textContent = [state === 'queued' ? 'Waiting.' : 'Working.', ...notes].join(' ');
}

/** Headers that say how a result came about, as a sentence. */
function factsOf(headers: Headers): string {
  const [weights, device, seconds, changed, lost] = ['Weights', 'Device', 'Seconds', 'Changed', 'Lost'].map(
    (name) => headers.get(`Revela-${name}`),
  );
  const unchanged = changed?.startsWith('no') ? ' The picture was left as it was.' : '';
  const without = lost === null || lost === undefined ? '' : ` The file is without ${lost}.`;
  return `Made with ${weights} on ${device} in ${seconds} s.${unchanged}${without}`;
}

/** A file's name for a result: `photo.denoise.png`. */
function nameOf(type: string, operation: string): string {
  const stem = (picture()?.name ?? 'picture').replace(/\.[^.]*$/, '');
  return `${stem}.${operation}.${type.replace('image/', '').replace('jpeg', 'jpg')}`;
}

async function showResult(at: string, operation: string): Promise<void> {
  const answer = await ask(`${at}/result`, token());
  const type = answer.headers.get('Content-Type') ?? '';
  if (type.startsWith('image/')) showAfter(await answer.blob(), nameOf(type, operation));
  else showAnswer(await answer.json());
  parts.facts.textContent = factsOf(answer.headers);
}

async function work(operation: Operation, body: Blob | FormData): Promise<void> {
  showProgress(undefined);
  parts.facts.textContent = 'Sending.';
  const job = await begin(`./v1/${operation.name}${queryOf(parts.options)}`, token(), body);
  place = job;
  parts.stop.hidden = false;
  for await (const told of follow(job, token())) {
    if (told.state === 'done') await showResult(job, operation.name);
    else if (told.state === 'cancelled') parts.facts.textContent = 'Stopped.';
    else if (told.state === 'failed') throw new Refused(told.problem ?? 'the job failed', 0);
    else showJob(told);
  }
  // What was shown need not be kept there.
  await ask(job, token(), { method: 'DELETE' });
}

async function start(): Promise<void> {
  tell('');
  clearResult();
  const body = chosen === undefined ? undefined : bodyOf(chosen);
  if (chosen === undefined || body === undefined) {
    tell(chosen?.compares ? 'Choose a picture and a reference first.' : 'Choose a picture first.');
    return;
  }
  parts.begin.disabled = true;
  try {
    await work(chosen, body);
  } catch (error) {
    parts.facts.textContent = '';
    tellError(error);
  } finally {
    place = undefined;
    parts.begin.disabled = false;
    parts.stop.hidden = true;
    showProgress(null);
  }
}

parts.host.textContent = location.host;
openView(() => tell('This browser does not show this kind of picture; it is worked on all the same.'));
parts.asking.addEventListener('submit', (event) => {
  event.preventDefault();
  void start();
});
parts.asking.addEventListener('input', showCommand);
parts.stop.addEventListener('click', () => {
  if (place !== undefined) void ask(place, token(), { method: 'DELETE' }).catch(tellError);
});
parts.picture.addEventListener('change', () => {
  const file = picture();
  if (file !== undefined) showBefore(file);
});

try {
  offer(operationsOf(await (await ask('./openapi.json', '')).json()));
  await ask('./v1/models', '');
} catch (error) {
  tellError(error);
}
showCommand();
