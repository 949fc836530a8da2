import { TransferFailure } from './transfer-failure.js';

/** More than any site needs. */
const mostRedirects = 10;

/**
 * Requests a file and follows where the answers lead, over https at every step. Only a server on this machine may be asked
 * without encryption, and only where the first URL names it.
 *
 * @throws TransferFailure for a step without encryption, or too many; the error of `fetch`
 */
export async function fetchEncrypted(url: string, init: RequestInit): Promise<Response> {
  const local = isThisMachine(new URL(url));
  let at = new URL(url);
  for (let step = 0; step <= mostRedirects; step++) {
    if (at.protocol !== 'https:' && !(local && isThisMachine(at)))
      throw new TransferFailure(
        step === 0
          ? 'is not fetched: without https anybody on the way could send another file'
          : `leads to ${at.host} without encryption, which is not followed`,
        false,
      );
    const response = await fetch(at.href, { ...init, redirect: 'manual' });
    const target = response.headers.get('location');
    if (response.status < 300 || response.status > 399 || response.status === 304 || target === null)
      return response;
    await response.body?.cancel().catch(() => {});
    const next = URL.canParse(target, at.href) ? new URL(target, at.href) : undefined;
    if (next === undefined || !['http:', 'https:'].includes(next.protocol))
      throw new TransferFailure('leads to an address that is none of the web', false);
    at = next;
  }
  throw new TransferFailure(`leads from one place to another more than ${mostRedirects} times`, false);
}

function isThisMachine({ protocol, hostname }: URL): boolean {
  const local = hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
  return protocol === 'http:' && local;
}
