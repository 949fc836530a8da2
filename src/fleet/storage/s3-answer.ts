import { decodeXML } from 'entities/decode';
import { RevelaError } from '../../errors.js';
import { aboutOf, wordsOf } from './answers.js';
import { StorageAway, StorageRefusal } from './storage.js';

/** The texts of all elements of a name in an answer of S3, of which each holds text alone. */
export function textsIn(xml: string, name: string): readonly string[] {
  const found = xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'));
  return [...found].map(([, text = '']) => decodeXML(text));
}

/** What was asked of S3. */
export interface S3Asked {
  /** `S3 at https://storage.lan:9000`. */
  readonly address: string;
  readonly bucket: string;
  /** What was asked about: `s3://photos/shots/a.jpg`. */
  readonly name: string;
  readonly region: string;
}

/** Says one kind of answer in words. */
type Words = (asked: S3Asked, xml: string) => RevelaError;

const refused =
  (words: (asked: S3Asked, xml: string) => string): Words =>
  (asked, xml) =>
    new StorageRefusal(words(asked, xml), { code: 'ERR_ACCESS' });

const noBucket = refused(
  ({ address, bucket }) =>
    `there is no bucket ${bucket} at ${address}: check its name, AWS_REGION and AWS_ENDPOINT_URL_S3`,
);
const missing: Words = ({ name }) =>
  new RevelaError(`${name} does not exist; check the spelling`, { code: 'ERR_FILE_MISSING', path: name });
const denied = refused(
  ({ address, name }) =>
    `${address} does not let this key read or write ${name}, or it is not there and the key may not list the bucket: check its permissions`,
);
const otherRegion = refused(({ bucket, region }, xml) => {
  const [right] = textsIn(xml, 'Region');
  return `the bucket ${bucket} is not in the region ${region}: set AWS_REGION${right === undefined ? '' : ` to ${right}`}`;
});
const token = refused(({ address }) => `${address} takes AWS_SESSION_TOKEN no more: get new credentials`);
const full: Words = ({ address }) => new StorageAway(`${address} is full`, { code: 'ERR_DISK_FULL' });
const again: Words = ({ address }, xml) =>
  new StorageAway(`${address} asks to be asked again (${textsIn(xml, 'Code')[0] ?? ''})`);

/** What S3 and storages like it answer, by their codes. */
const answers: Readonly<Record<string, Words>> = {
  NoSuchBucket: noBucket,
  NoSuchKey: missing,
  AccessDenied: denied,
  AllAccessDisabled: denied,
  InvalidAccessKeyId: refused(
    ({ address }) => `${address} does not know the access key: check AWS_ACCESS_KEY_ID`,
  ),
  SignatureDoesNotMatch: refused(
    ({ address }) =>
      `${address} says that the secret key is another one: check AWS_SECRET_ACCESS_KEY, and AWS_REGION`,
  ),
  RequestTimeTooSkewed: refused(({ address }, xml) => {
    const [theirs = ''] = textsIn(xml, 'ServerTime');
    const minutes = Math.round(Math.abs(Date.now() - Date.parse(theirs)) / 60_000);
    const apart = Number.isNaN(minutes) ? '' : ` by ${minutes} minutes`;
    return `the clocks of this machine and of ${address} disagree${apart}: set them`;
  }),
  ...{ ExpiredToken: token, InvalidToken: token, TokenRefreshRequired: token },
  ...{ PermanentRedirect: otherRegion, AuthorizationHeaderMalformed: otherRegion },
  ...{ IllegalLocationConstraintException: otherRegion, TemporaryRedirect: otherRegion },
  ...{ XMinioStorageFull: full, QuotaExceeded: full, XAmzContentSHA256Mismatch: again, BadDigest: again },
  ...{ RequestTimeout: again, IncompleteBody: again },
  OperationAborted: again,
  KeyTooLongError: ({ name }) => new RevelaError(`${name} has a longer name than S3 takes`, { path: name }),
  InvalidObjectState: ({ name }) =>
    new RevelaError(`${name} lies in an archive: restore it first`, { code: 'ERR_ACCESS', path: name }),
  EntityTooLarge: ({ name }) =>
    new RevelaError(`${name} is larger than S3 takes at once`, { code: 'ERR_TOO_LARGE', path: name }),
};

/** Answers without a word, such as those to questions for a head, by their status. */
const statuses: Readonly<Record<number, Words>> = { 301: otherRegion, 403: denied, 404: missing, 507: full };

/** What an answer of S3 that is an error says to a person, in one line. */
export async function s3Failure(response: Response, asked: S3Asked): Promise<RevelaError> {
  const { status } = response;
  const xml = await response.text().catch(() => '');
  const [code = ''] = textsIn(xml, 'Code');
  const known = answers[code] ?? (code === '' ? statuses[status] : undefined);
  if (known !== undefined) return known(asked, xml);
  const line = `${asked.address} answers ${status}${code === '' ? '' : ` ${code}`}`;
  const about = aboutOf(status, 'elsewhere');
  if (about === 'moment' || about === 'full') return new StorageAway(line);
  const [said] = textsIn(xml, 'Message');
  if (about === 'file')
    return new RevelaError(`${asked.name}: ${line}${said === undefined ? wordsOf(status) : `: ${said}`}`, {
      ...{ path: asked.name, code: status === 413 ? 'ERR_TOO_LARGE' : 'ERR_FAILED' },
    });
  return new StorageRefusal(`${line}: ${said ?? 'it may be no S3: check AWS_ENDPOINT_URL_S3'}`);
}
