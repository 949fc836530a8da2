/**
 * Numbers of a picture in [0, 1], as a file would hold them: what restoring networks give goes a little beyond, and a picture
 * must not have another score before it is saved than after.
 *
 * @returns the same array where all lie within already; what is not a number stays
 */
export function withinRange(data: Float32Array): Float32Array {
  for (let i = 0; i < data.length; i++) {
    const value = data[i] ?? 0;
    if (value < 0 || value > 1) return data.map((own) => Math.min(1, Math.max(0, own)));
  }
  return data;
}
