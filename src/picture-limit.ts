let allowed: number | undefined;

/**
 * Lets pictures of up to so many megapixels be decoded in this process, however much memory that takes. For programs that
 * ask their user; whoever calls the library gives `maxMegapixels` where it reads a picture. `undefined`: as where nobody was asked.
 */
export function allowMegapixels(megapixels: number | undefined): void {
  allowed = megapixels;
}

/** What {@link allowMegapixels} was told; `undefined` where nobody was asked. */
export function allowedMegapixels(): number | undefined {
  return allowed;
}
