import { at, entriesOf, textOf } from './json.js';

/** The service refused a request, or a job failed: its own line. */
export class Refused extends Error {
  override readonly name = 'Refused';

  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

/** A job as the service tells it. */
export interface ToldJob {
  readonly state: string;
  /** 0 to 1. */
  readonly progress: number;
  readonly notes: readonly string[];
  /** Why there is no result. */
  readonly problem?: string;
}

const over = new Set(['done', 'failed', 'cancelled']);

/** Milliseconds until a stream of events that was cut off is asked for again, and how often it is while nobody answers. */
const [pause, attempts] = [1000, 60];

/**
 * Asks the service that this page came from.
 *
 * @param token what is sent along; none where it is empty
 * @throws Refused for whatever it refuses
 */
export async function ask(path: string, token: string, init: RequestInit = {}): Promise<Response> {
  const headers = new Headers(init.headers);
  if (token !== '') headers.set('Authorization', `Bearer ${token}`);
  const answer = await fetch(path, { ...init, headers });
  if (answer.ok) return answer;
  const problem: unknown = await answer.json().catch(() => undefined);
  const later = answer.headers.get('Retry-After');
  const again = later === null ? '' : `; ask again in ${later} seconds`;
  throw new Refused(
    `${textOf(at(problem, 'title')) || `the service answered ${answer.status}`}${again}`,
    answer.status,
  );
}

/** Sends pictures; gives where the job is. */
export async function begin(path: string, token: string, body: Blob | FormData): Promise<string> {
  const answer = await ask(path, token, { method: 'POST', body, headers: { Prefer: 'respond-async' } });
  return new URL(answer.headers.get('Location') ?? '', answer.url).href;
}

/**
 * A job after every change, until it is over. Where the stream is cut off, or the service is away for a while, it is asked for again.
 *
 * @param wait milliseconds until then
 * @throws Refused where the service does not know the job any more; TypeError where it stays away
 */
export async function* follow(
  place: string,
  token: string,
  wait = pause,
): AsyncGenerator<ToldJob, void, undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      const answer = await ask(`${place}/events`, token);
      for await (const data of eventsOf(answer.body)) {
        const job = readJob(data);
        yield job;
        if (over.has(job.state)) return;
        attempt = 0;
      }
    } catch (error) {
      if (error instanceof Refused || attempt >= attempts) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

/** The data of server-sent events, as they come. */
async function* eventsOf(body: ReadableStream<Uint8Array> | null): AsyncGenerator<unknown, void, undefined> {
  if (body === null) return;
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
    if (done) return;
    text += decoder.decode(value, { stream: true });
    const events = text.split('\n\n');
    text = events.pop() ?? '';
    for (const event of events) {
      const [line] = event.split('\n').filter((one) => one.startsWith('data:'));
      if (line !== undefined) yield JSON.parse(line.slice('data:'.length));
    }
  }
}

function readJob(value: unknown): ToldJob {
  const [state, progress, problem] = [
    at(value, 'state'),
    at(value, 'progress'),
    at(value, 'problem', 'title'),
  ];
  return {
    state: textOf(state),
    progress: typeof progress === 'number' ? progress : 0,
    notes: entriesOf(at(value, 'notes')).map(([, note]) => textOf(note)),
    ...(typeof problem === 'string' ? { problem } : {}),
  };
}
