import { fileErrorCode } from '../../file-errors.js';

/** A request that brought no whole file; what it brought may be kept. */
export class TransferFailure extends Error {
  override readonly name = 'TransferFailure';

  /**
   * @param message why, to stand after the URL: `answers 404 Not Found`
   * @param passing whether it may go better a little later
   * @param waitSeconds how long the server wants to be left alone
   */
  constructor(
    message: string,
    readonly passing: boolean,
    readonly waitSeconds?: number,
  ) {
    super(message);
  }
}

/** Answers that may be others a little later. */
const passingStatuses: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/** What to do about answers that will stay. */
const advice: ReadonlyMap<number, string> = new Map([
  [401, 'it wants a password'],
  [403, 'it does not allow the download'],
  [404, 'the file is not there any more'],
  [407, 'the proxy wants a password'],
  [410, 'the file is not there any more'],
]);

/** The failure that an answer without a file is. */
export function refusedBy({ status, statusText, headers }: Response): TransferFailure {
  const reason = advice.get(status);
  const message = `answers ${status}${statusText === '' ? '' : ` ${statusText}`}${reason === undefined ? '' : `: ${reason}`}`;
  return new TransferFailure(message, passingStatuses.has(status), secondsOf(headers.get('retry-after')));
}

/** `Retry-After` is a number of seconds or a date. */
function secondsOf(value: string | null): number | undefined {
  if (value === null) return undefined;
  const seconds = /^\d+$/.test(value.trim()) ? Number(value) : (Date.parse(value) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}

/** Why a connection failed, by the code of its error. */
const reasons: ReadonlyMap<string, string> = new Map([
  ['ENOTFOUND', 'the server is not known'],
  ['EAI_AGAIN', 'the name of the server cannot be looked up'],
  ['ECONNREFUSED', 'the server refuses the connection'],
  ['ECONNRESET', 'the connection broke'],
  ['EPIPE', 'the connection broke'],
  ['UND_ERR_SOCKET', 'the connection broke'],
  ['ETIMEDOUT', 'the server does not answer'],
  ['UND_ERR_CONNECT_TIMEOUT', 'the server does not answer'],
  ['UND_ERR_HEADERS_TIMEOUT', 'the server does not answer'],
  ['UND_ERR_BODY_TIMEOUT', 'the server stopped sending'],
  ['ENETUNREACH', 'there is no network'],
  ['EHOSTUNREACH', 'the server cannot be reached'],
  ['CERT_HAS_EXPIRED', 'its certificate has expired'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'its certificate is not trusted'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'its certificate is not trusted; NODE_EXTRA_CA_CERTS names others to trust'],
  [
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'its certificate is not trusted; NODE_EXTRA_CA_CERTS names others to trust',
  ],
  [
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'its certificate is not trusted; NODE_EXTRA_CA_CERTS names others to trust',
  ],
]);

/** The failure that an error of `fetch` or of reading its body is. */
export function brokenBy(error: unknown): TransferFailure {
  const causes = causesOf(error);
  const code = causes.map(fileErrorCode).find((found) => found !== undefined && reasons.has(found));
  if (code !== undefined) {
    const reason = reasons.get(code) ?? code;
    return new TransferFailure(`cannot be fetched: ${reason} (${code})`, !reason.includes('certificate'));
  }
  const last = causes.at(-1);
  const text = last instanceof Error && last.message !== '' ? last.message : 'the connection broke';
  return new TransferFailure(`cannot be fetched: ${text}`, !text.includes('redirect'));
}

/** An error and what caused it, from the outside. */
function causesOf(error: unknown): readonly unknown[] {
  const causes: unknown[] = [];
  for (let at = error; at !== undefined && causes.length < 8; at = at instanceof Error ? at.cause : undefined)
    causes.push(at);
  return causes;
}
