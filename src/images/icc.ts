/** What is told of a profile that is not whole. */
export const damagedProfile = 'the colour profile, which is damaged';

/** Whether the profile describes grey pixels. */
export function isGreyProfile(profile: Uint8Array): boolean {
  return Buffer.from(profile.subarray(16, 20)).toString('latin1') === 'GRAY';
}

/**
 * Whether a profile is one, and all of it: the mark of its header is there, and so is what its table of tags points to. Others
 * read no colours from one that is not.
 */
export function isWholeProfile(profile: Uint8Array): boolean {
  const buffer = Buffer.from(profile.buffer, profile.byteOffset, profile.byteLength);
  if (buffer.length < 132 || buffer.toString('latin1', 36, 40) !== 'acsp') return false;
  const end = 132 + 12 * buffer.readUInt32BE(128);
  if (end > buffer.length) return false;
  for (let at = 132; at < end; at += 12)
    if (buffer.readUInt32BE(at + 4) + buffer.readUInt32BE(at + 8) > buffer.length) return false;
  return true;
}

/**
 * The name of an ICC profile, such as `Display P3`: its `desc` tag, ASCII text in version 2 and UTF-16 text by
 * language in version 4. `undefined` if the profile is damaged or has no name.
 */
export function profileName(profile: Uint8Array): string | undefined {
  const buffer = Buffer.from(profile.buffer, profile.byteOffset, profile.byteLength);
  const tag = findTag(buffer, 'desc');
  if (tag === undefined) return undefined;
  const type = tag.toString('latin1', 0, 4);
  if (type === 'desc' && tag.length >= 12) return clean(tag.toString('latin1', 12, 12 + tag.readUInt32BE(8)));
  if (type === 'mluc' && tag.length >= 28) {
    const length = tag.readUInt32BE(20);
    const from = tag.readUInt32BE(24);
    // Copied before swapping, because the profile is not ours to change.
    const text = Buffer.from(tag.subarray(from, from + length - (length % 2)));
    return text.length % 2 === 0 ? clean(text.swap16().toString('utf16le')) : undefined;
  }
  return undefined;
}

/** A profile is a header of 128 bytes, then a table of tags: signature, offset, length. */
function findTag(profile: Buffer, signature: string): Buffer | undefined {
  if (profile.length < 132) return undefined;
  const end = Math.min(profile.length - 12, 132 + 12 * (profile.readUInt32BE(128) - 1));
  for (let at = 132; at <= end; at += 12) {
    if (profile.toString('latin1', at, at + 4) !== signature) continue;
    const from = profile.readUInt32BE(at + 4);
    return profile.subarray(from, from + profile.readUInt32BE(at + 8));
  }
  return undefined;
}

function clean(text: string): string | undefined {
  const name = text.split('\0')[0]?.trim();
  return name === '' ? undefined : name;
}
