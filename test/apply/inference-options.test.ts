import { describe, expect, test } from 'vitest';
import { amsnet, apBsn, distilled, plainInference, sdap } from '#src/denoise/index.js';
import { checkBlindSpot, methodNamed } from '#src/models/denoiser-options.js';
import { settleInference } from '#src/apply/settle-inference.js';
import { settleRecipe } from '#src/runs/recipe.js';
import { architectures } from '#src/networks/index.js';
import { refusal } from '../weights/files.js';

const networkOf = (name: string) => {
  const network = architectures[name]?.ofSize({});
  if (network === undefined) expect.fail(`there is no ${name}`);
  return network;
};

describe('what happens at test time', () => {
  test('is the paper’s way where nothing is said, without the costly refinement', () => {
    expect(settleInference(sdap, {})).toEqual({ ...plainInference, enhance: true });
    expect(settleInference(apBsn, {})).toEqual(plainInference);
    expect(settleInference(amsnet, {})).toEqual(plainInference);
    expect(settleInference(distilled, {})).toEqual(plainInference);
  });

  test('is what was chosen', () => {
    expect(settleInference(amsnet, { masks: 4, deterministic: true, subSampling: 3 })).toEqual({
      ...plainInference,
      masks: 4,
      deterministic: true,
      subSampling: 3,
    });
    expect(settleInference(sdap, { refine: 'per-element' })).toEqual({
      ...plainInference,
      refine: 'per-element',
    });
    expect(settleInference(sdap, { refine: 'per-element', enhance: true }).enhance).toBe(true);
    expect(settleInference(amsnet, { enhance: false, refine: 'none' })).toEqual(plainInference);
  });

  test.each([
    [sdap, { masks: 3 }, '`masks` is for methods that hide pixels, and sdap is none: leave it out'],
    [
      amsnet,
      { enhance: true },
      '`enhance` is for methods with a second pass, and amsnet is none: leave it out',
    ],
    [distilled, { subSampling: 2 }, '`subSampling` is for methods that sub-sample'],
  ] as const)('refuses what means nothing: %#', async (method, choices, line) => {
    expect(await refusal(() => settleInference(method, choices))).toContain(line);
  });
});

describe('a method and its network', () => {
  test('must suit each other', async () => {
    const line = await refusal(() => checkBlindSpot(sdap, networkOf('student')));
    expect(line).toMatch(/`method` sdap needs a network that is blind.*student is not.*amsnet/);
    checkBlindSpot(amsnet, networkOf('student'));
    checkBlindSpot(sdap, networkOf('dbsnl'));
    expect(await refusal(() => settleRecipe({}, apBsn, networkOf('student'), false))).toContain('ap-bsn');
  });

  test('take patches that both can divide', async () => {
    const student = networkOf('student');
    expect(settleRecipe({}, amsnet, student, false).stages[0]?.patch).toBe(160);
    expect(await refusal(() => settleRecipe({ patch: 200 }, amsnet, student, false))).toBe(
      '`patch` must be a multiple of 160 for amsnet with student, got 200',
    );
    expect(await refusal(() => settleRecipe({ patch: 42 }, sdap, networkOf('dbsnl'), false))).toBe(
      '`patch` must be a multiple of 5 for sdap, got 42',
    );
  });

  test('to train by is none that needs a teacher', async () => {
    expect(await refusal(() => methodNamed('distilled'))).toContain('use `distill()`');
    expect(await refusal(() => methodNamed('nothing'))).toContain('`method` must be one of sdap, amsnet');
  });
});
