/** Codes of a connection that is not there, or not any more, in words. */
const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nobody listens there',
  ETIMEDOUT: 'no answer',
  EHOSTUNREACH: 'there is no way to that machine',
  ENETUNREACH: 'there is no network',
  ENOTFOUND: 'there is no such machine',
  EAI_AGAIN: 'its name cannot be looked up',
  ECONNRESET: 'the connection broke',
  EPIPE: 'the connection broke',
  UND_ERR_SOCKET: 'the connection broke',
  UND_ERR_CONNECT_TIMEOUT: 'no answer',
  UND_ERR_HEADERS_TIMEOUT: 'no answer',
  UND_ERR_BODY_TIMEOUT: 'no answer',
};

/**
 * Why another machine cannot be reached at the moment, in words; `undefined` for an error of another kind. It knows errors of sockets, and
 * those that `fetch` wraps.
 */
export function whyAway(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = connectionCode(error);
  if (reasons[code] !== undefined) return reasons[code];
  return /connection is closed|connect(ion)? timed? ?out/i.test(error.message)
    ? 'the connection broke'
    : undefined;
}

/** Codes of Node and OpenSSL for a certificate that is not trusted, and for a port where nobody speaks TLS. */
const certificateCodes = /CERT|_SIGNATURE|_CRL|^UNABLE_TO_|^ERR_TLS|^ERR_SSL|^EPROTO$|HOSTNAME_MISMATCH/;

/** Whether a connection failed of a certificate that is not trusted, or of a port where nobody speaks TLS. */
export const isUntrusted = (error: Error): boolean => certificateCodes.test(connectionCode(error));

/** The code of the error that a connection failed with; empty where there is none. */
function connectionCode(error: Error): string {
  if ('code' in error && typeof error.code === 'string' && !(error instanceof AggregateError))
    return error.code;
  // Of a name with several addresses, all were tried.
  const inner: unknown = error instanceof AggregateError ? error.errors[0] : error.cause;
  return inner instanceof Error ? connectionCode(inner) : '';
}
