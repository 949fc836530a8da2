/** What a processor answers to the program of the self-check: see `fingerprint`. */
export const knownAnswers: Readonly<Record<string, readonly number[]>> = {
  forward: [8.8811, 2.8596, -2.0186, 2.1244, 9.1558, -42.848, 1.3743, -20.384, 17.777],
  'gradient/plain': [-0.80318, -26.686, 2.431, 1.994, -1.8517, 0.84374, -3.9045, -5.6384, 174.64],
  'gradient/dilated': [-85.926, -502.32, -209.25, -178.48, -344.44, -134.51, -17.155, -177.17, 2000.7],
  'gradient/grouped': [12.684, 119.67, -11.071, -88.028, 64.019, -32.6, 69.394, 25.109, 2100.4],
  'gradient/strided': [12.45, -94.86, 209.84, 222.82, -23.785, -181.28, 13.899, -4.5942, 720.45],
};
