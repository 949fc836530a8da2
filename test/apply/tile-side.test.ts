import { expect, test } from 'vitest';
import { distilled, plainInference, sdap } from '#src/denoise/index.js';
import { denoisingProgram } from '#src/apply/denoising-program.js';
import { tileSideFor } from '#src/apply/tile-side.js';
import { upscaleProgram } from '#src/apply/upscale-program.js';
import { networkParameters, rrdbnetArchitecture, studentArchitecture } from '#src/networks/index.js';
import { declareParameters, initialiseParameters } from '#src/nn/index.js';
import { randomDenoiser } from '../models/denoisers.js';

/** Measured resident bytes a pixel of a tile, above those of the idle process (ONNX Runtime 1.30, one tile of 768², 1024² and 256 × 200). */
const measured = { student: 1500, dbsnl32: 890, rrdbnet: 20_300 };

const description = studentArchitecture.ofSize({});
const student = {
  method: 'distilled',
  description,
  parameters: initialiseParameters(declareParameters(description.network, [1, 3, 64, 64]), 0),
  record: {},
  licence: 'unknown',
};

test('tiles are as large as stays below 280 MiB, those that are enlarged below 1 GiB', () => {
  const ofStudent = tileSideFor(denoisingProgram(student, distilled, plainInference));
  const ofDbsnl = tileSideFor(denoisingProgram(randomDenoiser(32, 3), sdap, plainInference));
  const rrdbnet = rrdbnetArchitecture.ofSize({});
  const parameters = initialiseParameters(networkParameters(rrdbnet), 0);
  const program = upscaleProgram({ description: rrdbnet, parameters, record: {}, licence: 'unknown' });
  for (const [side, bytes, most] of [
    [tileSideFor(program), measured.rrdbnet, 2 ** 30],
    [ofStudent, measured.student, 1.05 * 280 * 2 ** 20],
    [ofDbsnl, measured.dbsnl32, 1.05 * 280 * 2 ** 20],
  ] as const) {
    expect(side ** 2 * bytes).toBeLessThan(most);
    expect(side ** 2 * bytes).toBeGreaterThan(0.5 * most);
    expect(side % 32).toBe(0);
  }
});

test('wider networks get smaller tiles, within limits', () => {
  const [narrow, wide] = [8, 128].map((width) =>
    tileSideFor(denoisingProgram(randomDenoiser(width, 1), sdap, plainInference)),
  );
  expect(narrow).toBeGreaterThan(wide ?? Number.POSITIVE_INFINITY);
  expect(tileSideFor(denoisingProgram(randomDenoiser(2, 1), sdap, plainInference))).toBe(2048);
});
