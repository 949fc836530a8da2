import { expect, test } from 'vitest';
import { type Curve, curveBuilder } from '#src/report/curve.js';
import { metricsOf } from '#src/report/metrics.js';

function curveOf(values: number): Curve {
  const builder = curveBuilder();
  for (let i = 0; i < values; i++) builder.add({ step: i + 1, seconds: i, value: i % 7 });
  const curve = builder.curve();
  if (curve === undefined) throw new Error('there is no curve');
  return curve;
}

test('metrics stand in the order of the report, others after them under readable titles', () => {
  const first = new Map([
    ['featureGradientNorm', curveOf(300)],
    ['loss', curveOf(300)],
    ['LPIPS', curveOf(5)],
  ]);
  const second = new Map([
    ['validationPsnr', curveOf(5)],
    ['loss', curveOf(20)],
  ]);
  expect(metricsOf([{ curves: first }, { curves: second }])).toEqual([
    { name: 'validationPsnr', title: 'Validation PSNR', unit: 'dB', noisy: false },
    { name: 'loss', title: 'Training loss', noisy: true },
    { name: 'LPIPS', title: 'LPIPS', noisy: false },
    // So many values are shown with a smooth line.
    { name: 'featureGradientNorm', title: 'Feature gradient norm', noisy: true },
  ]);
});
