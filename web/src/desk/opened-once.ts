/** Opens pictures by their numbers: who else needs one as it is being opened waits for the same pixels, as a large one would be in memory twice. */
export function openedOnce<Image>(
  open: (file: Blob) => Promise<Image>,
): (picture: number, file: Blob) => Promise<Image> {
  const opening = new Map<number, Promise<Image>>();
  return (picture, file) => {
    const image = opening.get(picture) ?? open(file).finally(() => opening.delete(picture));
    opening.set(picture, image);
    return image;
  };
}
