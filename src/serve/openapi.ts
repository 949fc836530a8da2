import { packageVersion } from '../package-version.js';
import type { Operation, Operations } from './operations.js';
import { schemaOf, wordsOf } from './parameters.js';

const problem = {
  description: 'What went wrong (RFC 9457).',
  content: {
    'application/problem+json': {
      schema: {
        type: 'object',
        properties: {
          type: { type: 'string' },
          status: { type: 'integer' },
          code: { type: 'string' },
          title: { type: 'string' },
          option: { type: 'string' },
        },
      },
    },
  },
} as const;

const job = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    operation: { type: 'string' },
    state: { type: 'string', enum: ['queued', 'active', 'done', 'failed', 'cancelled'] },
    progress: { type: 'number', minimum: 0, maximum: 1 },
    notes: { type: 'array', items: { type: 'string' } },
    result: { type: 'object' },
    problem: { type: 'object' },
  },
} as const;

const jobAnswer = (description: string) => ({
  description,
  content: { 'application/json': { schema: job } },
});

const binary = { type: 'string', format: 'binary' } as const;

const idParameter = { name: 'id', in: 'path', required: true, schema: { type: 'string' } } as const;

/** The options of an operation, as parameters of its query. */
const parametersOf = ({ parameters }: Operation): readonly object[] =>
  Object.entries(parameters).map(([name, option]) => ({
    name,
    in: 'query',
    description: `${wordsOf(option)}. Also as a header, Revela-${name}.`,
    schema: schemaOf(option),
  }));

/** What one of these operations takes as its body: a picture, or a form of several. */
function bodyOf(...operations: readonly Operation[]): object {
  const content = operations.map(({ pictures }): readonly [string, object] => {
    if (pictures.length === 1) return ['image/*', { schema: binary }];
    const properties = Object.fromEntries(pictures.map((name) => [name, binary]));
    return ['multipart/form-data', { schema: { type: 'object', properties, required: pictures } }];
  });
  return { required: true, content: Object.fromEntries(content) };
}

function operationOf(name: string, operation: Operation): object {
  const { summary, answer } = operation;
  const content =
    answer === 'picture'
      ? { 'image/*': { schema: binary } }
      : { 'application/json': { schema: { type: 'object' } } };
  return {
    post: {
      operationId: name,
      summary,
      parameters: [
        ...parametersOf(operation),
        {
          name: 'Prefer',
          in: 'header',
          description: 'respond-async: answers with a job.',
          schema: { type: 'string' },
        },
      ],
      requestBody: bodyOf(operation),
      responses: {
        200: {
          description: 'The result. Headers name weights, device, time, and whether the picture was changed.',
          content,
        },
        202: jobAnswer('The job, where respond-async was preferred.'),
        default: problem,
      },
    },
  };
}

/** The OpenAPI document of a service, made of what it does and takes. */
export function openApi(operations: Operations): object {
  const get = (
    operationId: string,
    summary: string,
    responses: object,
    parameters: readonly object[] = [],
  ) => ({
    operationId,
    summary,
    parameters,
    responses: { ...responses, default: problem },
  });
  const text = (description: string) => ({ 200: { description, content: { 'text/plain': {} } } });
  return {
    openapi: '3.1.0',
    info: { title: 'Revela', version: packageVersion(), license: { name: 'Apache-2.0' } },
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } } },
    security: [{}, { bearer: [] }],
    paths: {
      ...Object.fromEntries(
        Object.entries(operations).map(([name, operation]) => [`/v1/${name}`, operationOf(name, operation)]),
      ),
      '/v1/jobs/{id}': {
        put: {
          ...get('putJob', 'Makes a job under an id of your own, once.', {
            200: jobAnswer('The job is over.'),
            202: jobAnswer('The job waits or is worked on.'),
            409: { ...problem, description: 'The id is that of another job.' },
          }),
          parameters: [
            idParameter,
            {
              name: 'operation',
              in: 'query',
              required: true,
              description: 'What to do; its options stand beside it.',
              schema: { type: 'string', enum: Object.keys(operations) },
            },
          ],
          requestBody: bodyOf(...Object.values(operations)),
        },
        get: get('getJob', 'The state of a job.', { 200: jobAnswer('The job.') }, [idParameter]),
        delete: get(
          'deleteJob',
          'Cancels a job, within one tile; removes the result of one that is over.',
          {
            200: jobAnswer('The job.'),
          },
          [idParameter],
        ),
      },
      '/v1/jobs/{id}/result': {
        get: get('getResult', 'The result of a job.', { 200: { description: 'The result.' } }, [idParameter]),
      },
      '/v1/jobs/{id}/events': {
        get: get(
          'getEvents',
          'The job after every change, as server-sent events named by its state; ends when the job is over.',
          { 200: { description: 'Events.', content: { 'text/event-stream': {} } } },
          [idParameter],
        ),
      },
      '/v1/models': {
        get: get('getModels', 'What computes.', {
          200: { description: 'Weights and measures.', content: { 'application/json': {} } },
        }),
      },
      '/healthz': { get: get('getHealth', 'Whether the process lives.', text('It does.')) },
      '/readyz': { get: get('getReadiness', 'Whether jobs are taken.', text('They are.')) },
      '/metrics': { get: get('getMetrics', "Numbers in Prometheus' text format.", text('Numbers.')) },
    },
  };
}
