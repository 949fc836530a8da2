/** Multiply-accumulates of DBSNl a pixel: the number of its convolution weights (biases left out). */
export function dbsnlWeights({ base_ch: c, num_module: modules }) {
  const branch = (kernel) => kernel * kernel * c * c + 3 * c * c + modules * (9 + 1) * c * c;
  const tail = 2 * c * c + (c * c) / 2 + (c * c) / 4 + (c / 2) * 3;
  return 3 * c + branch(3) + branch(5) + tail;
}

/** Floating-point operations of a pass over `pixels` pixels. */
export const forwardFlops = (config, pixels) => 2 * dbsnlWeights(config) * pixels;

/** Forward, gradient in the inputs and gradient in the weights cost the same each. */
export const trainingFlops = (config, pixels) => 3 * forwardFlops(config, pixels);

export const networks = {
  full: { in_ch: 3, out_ch: 3, base_ch: 128, num_module: 9 },
  small: { in_ch: 3, out_ch: 3, base_ch: 32, num_module: 3 },
};

/** `DBSNl 128×9` */
export const networkName = ({ base_ch, num_module }) => `DBSNl ${base_ch}×${num_module}`;
