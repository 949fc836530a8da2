import { describe, expect, it } from 'vitest';
import { pairLargeAndSmall, pairPictures, pairWithReferences } from '#src/images/index.js';

const namesOf = (noisy: readonly string[], clean: readonly string[]) =>
  pairPictures(noisy, clean).pairs.map(({ name, noisy: from, clean: to }) => [name, from, to]);

describe('pairs', () => {
  it('equal names, whatever the extension, in the order of the noisy ones', () => {
    expect(namesOf(['n/b.JPG', 'n/a.png'], ['c/a.tif', 'c/b.png'])).toEqual([
      ['b', 'n/b.JPG', 'c/b.png'],
      ['a', 'n/a.png', 'c/a.tif'],
    ]);
  });

  it.each([
    ['chair_11', 'chair_11_real.JPG', 'chair_11_mean.JPG'],
    ['0001_SRGB_010', '0001_NOISY_SRGB_010.PNG', '0001_GT_SRGB_010.PNG'],
    ['dark shot', 'dark shot.png', 'dark shot-clean.jpg'],
    ['7', 'noisy.7.png', 'reference 7.webp'],
    ['Wall_2', 'Wall_2_input.png', 'wall_2.png'],
    ['real_estate', 'real_estate.png', 'real_estate.tif'],
  ])('%s: %s and %s', (...[name, noisy, clean]) => {
    expect(namesOf([noisy], [clean])).toEqual([[name === 'dark shot' ? 'dark_shot' : name, noisy, clean]]);
  });

  it('equal names before names that differ by a word', () => {
    expect(namesOf(['n/a_real.png', 'n/a.png'], ['c/a.png', 'c/a_mean.png'])).toEqual([
      ['a', 'n/a_real.png', 'c/a_mean.png'],
      ['a', 'n/a.png', 'c/a.png'],
    ]);
  });

  it('what lies in one folder', () => {
    const folder = ['x_mean.JPG', 'x_real.JPG', 'y_mean.JPG', 'y_real.JPG'];
    expect(namesOf(folder, folder)).toEqual([
      ['x', 'x_real.JPG', 'x_mean.JPG'],
      ['y', 'y_real.JPG', 'y_mean.JPG'],
    ]);
  });

  it('and tells clean pictures that nothing belongs to', () => {
    expect(pairPictures(['n/a.png'], ['c/a.png', 'c/b.png']).spareClean).toEqual(['c/b.png']);
  });
});

describe('large and small pictures', () => {
  it.each([
    ['0801', 'HR/0801.png', 'LR/0801x4.png'],
    ['img_001_SRF_4', 'img_001_SRF_4_HR.png', 'img_001_SRF_4_LR.png'],
    ['baby', 'GTmod12/baby.png', 'LRbicx4/baby.png'],
    ['cat', 'cat.tif', 'cat.degraded.png'],
  ])('%s: %s and %s', (...[name, large, small]) => {
    expect(pairLargeAndSmall([large], [small]).pairs).toEqual([{ name, large, small }]);
  });

  it('of one folder, where the words tell which is which', () => {
    const folder = ['a_HR.png', 'a_LR.png', 'b_LR.png'];
    expect(pairLargeAndSmall(folder, folder)).toEqual({
      pairs: [{ name: 'a', large: 'a_HR.png', small: 'a_LR.png' }],
      spareSmall: ['b_LR.png'],
    });
  });

  it('are refused without a partner, in their own words', () => {
    expect(() => pairLargeAndSmall(['a.png'], ['b.png'])).toThrow(
      'a.png has no small picture: expected one named a, or the same but for a word like _HR and _LR, _large and _small, or x4 (any extension); the small pictures are b.png',
    );
  });
});

describe('refuses', () => {
  it('noisy pictures without a clean one', () => {
    expect(() => pairPictures(['n/a.png', 'n/b.png', 'n/c.png'], ['c/a.png', 'c/x.png'])).toThrow(
      'n/b.png and 1 more of 3 have no clean picture: expected one named b, or the same but for a word like _noisy and _clean, _real and _mean, or GT (any extension); the clean pictures are a.png, x.png',
    );
  });

  it('no pictures', () => {
    expect(() => pairPictures(['a.png'], [])).toThrow('a.png has no clean picture: expected one named a');
    expect(() => pairPictures([], ['a.png'])).toThrow('no noisy pictures');
  });

  it('two pictures of one scene', () => {
    expect(() => pairPictures(['a.png'], ['a.jpg', 'a.tif'])).toThrow('a.jpg and a.tif both belong to a.png');
    expect(() => pairPictures(['a_real.png', 'a_noisy.png'], ['a.tif'])).toThrow(
      'a_real.png and a_noisy.png both belong to a.tif',
    );
  });

  it('a picture on both sides whose name does not say what it is', () => {
    expect(() => pairPictures(['a.png'], ['a.png'])).toThrow('a.png is among the noisy and among the clean');
  });
});

describe('pictures with references', () => {
  it.each([
    ['1', 'out/1.denoised.png', 'clean/1.jpg'],
    ['0801', '0801x4.png', '0801_HR.png'],
    ['a_b', 'a_b_sr.png', 'a-b_GT.tif'],
  ])('%s', (name, one, other) => {
    expect(pairWithReferences([one], [other])).toEqual({
      pairs: [{ name, one, other }],
      alone: [],
      spare: [],
    });
  });

  it('what belongs to nothing on either side', () => {
    expect(pairWithReferences(['o/b.png', 'o/a.png', 'o/c.png'], ['r/a.png', 'r/d.png'])).toEqual({
      pairs: [{ name: 'a', one: 'o/a.png', other: 'r/a.png' }],
      alone: ['o/b.png', 'o/c.png'],
      spare: ['r/d.png'],
    });
  });

  it('of one folder, whose names say which they are, by the words that the refusal proposes', () => {
    const both = ['a_compared.png', 'a_reference.png'];
    expect(pairWithReferences(both, both).pairs).toEqual([
      { name: 'a', one: 'a_compared.png', other: 'a_reference.png' },
    ]);
    expect(() => pairWithReferences(['a.png'], ['a.png'])).toThrow('a word like _compared or _reference');
  });

  it('nothing at all', () => {
    expect(() => pairWithReferences(['a.png'], ['b.png', 'c.png'])).toThrow(
      'a.png has no reference picture: expected one named a, or the same but for a word like _denoised, _noisy or .x4, and _clean, _HR or GT (any extension); the reference pictures are b.png, c.png',
    );
  });
});
