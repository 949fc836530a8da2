import { expect, it } from 'vitest';
import { bestFirst, measures, rankPictures } from '#src/measures/index.js';

const pictures = [
  { picture: 'a', scores: { niqe: 5, revela: 1 }, known: false },
  { picture: 'b', scores: { revela: 9 }, known: false },
  { picture: 'c', scores: { niqe: 3, revela: 2 }, known: false },
  { picture: 'd', scores: { niqe: 5 }, known: false },
];

it('a picture that the deciding measure could not judge has no rank, and is last', () => {
  const ranked = rankPictures({ measures: [measures.niqe, measures.revela], pictures });
  expect(ranked.map(({ rank }) => rank)).toEqual([2, undefined, 1, 2]);
  expect(bestFirst(ranked).map(({ picture }) => picture)).toEqual(['c', 'a', 'd', 'b']);
});

it('where it judged none, none has a rank', () => {
  const ranked = rankPictures({ measures: [measures.niqe], pictures: pictures.slice(1, 2) });
  expect(ranked).toEqual(pictures.slice(1, 2));
});
