/** What is the same of all measures that compare by pixels. */
export const comparing = {
  ...{ needsReference: true, fromOpinions: false, hasMap: false },
  needs: [],
  refuses: 'pictures of different sizes',
} as const;
