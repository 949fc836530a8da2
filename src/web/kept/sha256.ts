/**
 * The SHA-256 of bytes, in hexadecimal digits.
 *
 * @throws where the page is not of https or this machine: browsers hash nothing for others
 */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
