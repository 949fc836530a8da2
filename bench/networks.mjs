/**
 * The networks that are measured: an architecture and its hyper-parameters under the names of the original program, which
 * is how Revela and its peers are told to build it. The sizes are those of the papers but for the small DBSNl.
 */
export const networks = {
  dbsnl: {
    title: 'DBSNl 128×9',
    architecture: 'dbsnl',
    config: { in_ch: 3, out_ch: 3, base_ch: 128, num_module: 9 },
  },
  smallDbsnl: {
    title: 'DBSNl 32×3',
    architecture: 'dbsnl',
    config: { in_ch: 3, out_ch: 3, base_ch: 32, num_module: 3 },
  },
  nafnet: {
    title: 'NAFNet-32',
    architecture: 'nafnet',
    config: {
      img_channel: 3,
      width: 32,
      enc_blk_nums: [2, 2, 4, 8],
      middle_blk_num: 12,
      dec_blk_nums: [2, 2, 2, 2],
      dw_expand: 1,
      ffn_expand: 2,
    },
  },
  student: {
    title: 'student U-Net',
    architecture: 'student',
    config: { in_ch: 3, out_ch: 3, channels: 48 },
  },
  unet: {
    title: 'U-Net 128',
    architecture: 'unet',
    config: { in_nc: 3, out_nc: 3, n_feature: 128 },
  },
  restormer: {
    title: 'Restormer',
    architecture: 'restormer',
    config: {
      inp_channels: 3,
      out_channels: 3,
      dim: 48,
      num_blocks: [4, 6, 6, 8],
      num_refinement_blocks: 4,
      heads: [1, 2, 4, 8],
      ffn_expansion_factor: 2.66,
      bias: false,
      LayerNorm_type: 'BiasFree',
    },
  },
  rrdbnet: {
    title: 'RRDBNet-23',
    architecture: 'rrdbnet',
    config: { in_nc: 3, out_nc: 3, nf: 64, nb: 23, gc: 32, sf: 4 },
  },
};

/** The size of OpenAI's CLIP with the ResNet-50. */
export const clipRn50 = {
  embed_dim: 1024,
  image_resolution: 224,
  vision_layers: [3, 4, 6, 3],
  vision_width: 64,
  context_length: 77,
  vocab_size: 49408,
  transformer_width: 512,
  transformer_heads: 8,
  transformer_layers: 12,
};

/** What --network takes. */
export const architectureNames = [
  ...new Set(Object.values(networks).map(({ architecture }) => architecture)),
];

/** Floating-point operations of a pass over one square picture. */
export async function forwardFlops({ architecture, config }, size) {
  // Not imported above: dist/ may be built only after this file is loaded.
  const { architectureOf, networkCost } = await import('#src/networks/index.js');
  return 2 * networkCost(architectureOf(architecture).ofConfig(config), [size, size]).multiplyAdds;
}

/** Forward, gradient in the inputs and gradient in the weights cost the same each. */
export const trainingFlops = async (network, size) => 3 * (await forwardFlops(network, size));
