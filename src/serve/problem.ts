import { codeOf, type ErrorCode, RevelaError } from '../errors.js';

/** What a service refuses with beside the errors of the library. */
type ServiceCode =
  | 'ERR_BUSY'
  | 'ERR_CONFLICT'
  | 'ERR_CUT_OFF'
  | 'ERR_ENDING'
  | 'ERR_NOT_FOUND'
  | 'ERR_NO_BODY'
  | 'ERR_TIMEOUT'
  | 'ERR_UNAUTHORISED'
  | 'ERR_INTERNAL';

/** What went wrong, as RFC 9457 writes it. */
export interface Problem {
  readonly type: 'about:blank';
  readonly status: number;
  /** An `ErrorCode`, or one of the service's own. */
  readonly code: string;
  readonly title: string;
  /** The option that it is about. */
  readonly option?: string;
}

/** A request that is refused by the service itself. */
export class Refusal extends Error {
  override readonly name = 'Refusal';

  constructor(
    readonly status: number,
    readonly code: ServiceCode | ErrorCode,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}

/** Why a job is stopped that its client does not want any more. */
export const cancelled = (): Refusal => new Refusal(409, 'ERR_CANCELLED', 'the job was cancelled');

/** How HTTP says what the library fails with; what is not here is the service's fault. */
const statuses: Readonly<Partial<Record<ErrorCode, number>>> = {
  ERR_NOT_AN_IMAGE: 415,
  ERR_UNSUPPORTED_IMAGE: 415,
  ERR_DAMAGED_IMAGE: 422,
  ERR_FAILED: 422,
  ERR_TOO_LARGE: 413,
  ERR_OPTION: 400,
  ERR_OUT_OF_RANGE: 400,
  ERR_MODEL_MISSING: 400,
  ERR_FORMAT: 422,
  ERR_CANCELLED: 409,
  ERR_MEMORY: 503,
  ERR_DISK_FULL: 507,
};

/**
 * What went wrong, for whoever asked. Of what should not have happened nothing is told.
 *
 * @param named what paths of the service's own files are called
 */
export function problemOf(error: unknown, named: (text: string) => string = (text) => text): Problem {
  const type = 'about:blank';
  if (error instanceof Refusal)
    return { type, status: error.status, code: error.code, title: named(error.message) };
  const code = codeOf(error);
  if (code === undefined || !(error instanceof Error))
    return { type, status: 500, code: 'ERR_INTERNAL', title: 'this should not have happened' };
  const problem = { type, status: statuses[code] ?? 500, code, title: named(error.message) } as const;
  return error instanceof RevelaError && error.option !== undefined
    ? { ...problem, option: error.option }
    : problem;
}
