import type { StateDictShapes } from './architecture.js';
import { dncnnLayer, dncnnLayersOf } from './dncnn-names.js';

/** Networks that people have weights of and that are not known, by names of tensors that only they have. */
const others: readonly (readonly [sign: RegExp, what: string])[] = [
  [
    /(?:RDB|rdb)\d\.conv1x1\./,
    'an RRDBNet with 1×1 convolutions beside its dense blocks (ESRGAN+), which is not supported',
  ],
  [/residual_group\.blocks\.\d+\.attn\.qkv/, 'a SwinIR or a transformer like it, which is not supported'],
  [
    /residual_group\.blocks\.\d+\.attn\.relative_position_bias_table/,
    'a SwinIR or HAT, which is not supported',
  ],
  [/^layers\.\d+\.blocks\.\d+\.attn\.attns\./, 'a DAT, which is not supported'],
  [
    /^block_1\.c1_r\.(?:sk|eval_conv)\./,
    'a SPAN of another form than the published one, which is not supported',
  ],
  [/^block_1\.(?:c1_r|esa)\./, 'an RLFN or a network like it, which is not supported'],
  [/^IMDB\d+\.c1\./, 'an IMDN, which is not supported'],
  [/^unet1\.conv1\.conv\./, 'a Real-CUGAN, which is not supported'],
  [/^feats\.\d+\.(?:lk|norm|doe|ffn|channe_mixer)/, 'a PLKSR or DITN, which is not supported'],
  [/^B\d+\.c\d_[dr]\./, 'a BSRN or RFDN, which is not supported'],
  [
    /^m_down\d\.0\.res\.0\./,
    'a DRUNet, which takes a map of the noise level beside the picture and is not supported',
  ],
  [/^m_body\.\d+\.trans_block\./, 'a SCUNet, which is not supported'],
  [/^stylegan_decoder\.|^style_conv/, 'a GFPGAN or StyleGAN for faces, which is not supported'],
  [/^quantize\.embedding/, 'a CodeFormer or VQGAN, which is not supported'],
  [/^double_blocks\.|^model\.diffusion_model\./, 'a diffusion model, which is not supported'],
];

/**
 * What a state dict is that belongs to no known network, where that can be told: `a SPAN, which is not supported`, or why
 * a network that is near a known one is not it.
 */
export function nearMiss(shapes: StateDictShapes): string | undefined {
  const keys = Object.keys(shapes);
  return (
    sequenceMiss(shapes) ??
    dncnnMiss(shapes) ??
    others.find(([sign]) => keys.some((key) => sign.test(key)))?.[1] ??
    rrdbMiss(shapes)
  );
}

/** KAIR's plain sequences that are no DnCNN. */
function sequenceMiss(shapes: StateDictShapes): string | undefined {
  const keys = Object.keys(shapes);
  if (!keys.every((key) => /^model\.\d+\./.test(key))) return undefined;
  const places = keys.flatMap((key) => (shapes[key]?.length === 4 ? [Number(key.split('.')[1])] : []));
  const [, input = 0] = shapes['model.0.weight'] ?? [];
  const [output = 0] = shapes[`model.${Math.max(...places)}.weight`] ?? [];
  if ((input === 13 && output === 12) || (input === 5 && output === 4))
    return 'an FFDNet, which takes the noise level beside the picture and is not supported';
  if ((input === 4 && output === 3) || (input === 2 && output === 1))
    return 'an FDnCNN, which takes a map of the noise level beside the picture and is not supported';
  return undefined;
}

/** A DnCNN under the names of its re-implementations that does not give as many channels as it takes. */
function dncnnMiss(shapes: StateDictShapes): string | undefined {
  const layers = dncnnLayersOf(shapes);
  if (layers === undefined) return undefined;
  const shapeOf = (place: number) =>
    shapes[`${dncnnLayer(layers.names, layers.act_mode, place, layers.nb).convolution}.weight`];
  const [, input = 0] = shapeOf(0) ?? [];
  const [output = 0] = shapeOf(layers.nb - 1) ?? [];
  if (input === output) return undefined;
  return `a network like DnCNN that takes ${input} channels and gives ${output}, as with maps of the noise beside the picture, which is not supported`;
}

/** RRDBNets whose parts do not go together. */
function rrdbMiss(shapes: StateDictShapes): string | undefined {
  const first = shapes['conv_first.weight'] ?? shapes['model.0.weight'];
  const isRrdb = Object.keys(shapes).some((key) => /(?:RDB|rdb)\d\.conv1\.(?:0\.)?weight$/.test(key));
  if (!isRrdb) return undefined;
  const [, input = 0] = first ?? [];
  const [output = 0] = shapes['conv_last.weight'] ?? [];
  return first !== undefined && output > 0 && ![1, 4, 16].includes(input / output)
    ? `an RRDBNet that makes ${output} channels of ${input}, which is not supported`
    : 'an RRDBNet of which the first or the last layers are missing, or are called as in no program that is known';
}
