import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import {
  type NetworkConfig,
  architectureOf,
  networkParameters,
  recogniseNetwork,
} from '#src/networks/index.js';
import { RevelaError } from '#src/errors.js';
import { readWeightsHeader } from '#src/weights/index.js';
import { nearMiss } from '#src/networks/index.js';
import { make, type Piece, tensor, zipCheckpoint } from '../weights/checkpoint-files.js';

/** The page whose table this test holds; `WRITE_DOCS=1` writes it anew. */
const page = fileURLToPath(new URL('../../docs/weights.md', import.meta.url));
const [begin, end] = ['<!-- checkpoints: begin -->', '<!-- checkpoints: end -->'] as const;

type Shapes = Readonly<Record<string, readonly number[]>>;

/** The tensors of a network; numbers are not stored, because headers alone are read. */
function shapesOf(name: string, config: NetworkConfig): Shapes {
  const description = architectureOf(name)?.ofConfig(config);
  if (description === undefined) throw new Error(`there is no ${name}`);
  return Object.fromEntries([...networkParameters(description)].map(([key, { shape }]) => [key, shape]));
}

const dictOf = (shapes: Shapes, prefix = ''): Piece =>
  make.dict(
    Object.fromEntries(
      Object.entries(shapes).map(([key, shape]) => [
        `${prefix}${key}`,
        tensor({ storage: '0', length: 1, shape, strides: shape.map(() => 0) }),
      ]),
    ),
  );

const rrdb = { nf: 8, nb: 2, gc: 4 };
const small = shapesOf('srvggnet', { num_feat: 8, num_conv: 2 });
const judge: Shapes = { 'conv0.weight': [8, 3, 3, 3], 'conv0.bias': [8] };
const grey = { in_nc: 1, out_nc: 1, nc: 8, nb: 5 };

/** What people have, and what is in it. */
const checkpoints: readonly (readonly [string, Piece])[] = [
  ['SRVGGNet-compact (Real-ESRGAN, realesr-general, compact models)', dictOf(small)],
  ['the same with ReLU', dictOf(shapesOf('srvggnet', { num_feat: 8, num_conv: 2, act_type: 'relu' }))],
  [
    'the same for grey pictures',
    dictOf(shapesOf('srvggnet', { num_in_ch: 1, num_out_ch: 1, num_feat: 8, num_conv: 2 })),
  ],
  ...[1, 2, 4, 8].flatMap((sf): [string, Piece][] => [
    [`RRDBNet, ESRGAN's first names, ×${sf}`, dictOf(shapesOf('rrdbnet', { ...rrdb, sf, names: 'esrgan' }))],
    [`RRDBNet, names of BSRGAN and KAIR, ×${sf}`, dictOf(shapesOf('rrdbnet', { ...rrdb, sf }))],
    [
      `RRDBNet, names of BasicSR and Real-ESRGAN, ×${sf}`,
      dictOf(shapesOf('rrdbnet', { ...rrdb, sf, names: 'real-esrgan' })),
    ],
  ]),
  [
    'RRDBNet, ESRGAN’s first names, ×2, pixels un-shuffled',
    dictOf(shapesOf('rrdbnet', { ...rrdb, sf: 2, unshuffle: 2, names: 'esrgan' })),
  ],
  [
    'RRDBNet, names of BasicSR, ×1 without doublings',
    dictOf(shapesOf('rrdbnet', { ...rrdb, sf: 1, unshuffle: 1, names: 'real-esrgan' })),
  ],
  [
    'RRDBNet with 1×1 convolutions (ESRGAN+)',
    dictOf({
      ...shapesOf('rrdbnet', rrdb),
      'RRDB_trunk.0.RDB1.conv1x1.weight': [4, 8, 1, 1],
    }),
  ],
  ['DnCNN, KAIR', dictOf(shapesOf('dncnn', { ...grey, in_nc: 3, out_nc: 3, act_mode: 'R' }))],
  ['DnCNN for grey pictures, KAIR', dictOf(shapesOf('dncnn', { ...grey, act_mode: 'R' }))],
  [
    'DnCNN of the re-implementations in PyTorch (`dncnn.0.weight`)',
    dictOf(
      shapesOf('dncnn', { ...grey, act_mode: 'BR', names: 'dncnn', unbiased: 'first middle last' }),
      'module.',
    ),
  ],
  ['DnCNN of DeepInverse', dictOf(shapesOf('dncnn', { ...grey, act_mode: 'R', names: 'list' }))],
  [
    'FFDNet',
    dictOf({
      'model.0.weight': [8, 13, 3, 3],
      'model.2.weight': [8, 8, 3, 3],
      'model.4.weight': [12, 8, 3, 3],
    }),
  ],
  [
    'DnCNN with maps of the noise (PD-Denoising)',
    dictOf({
      'dncnn.0.weight': [8, 6, 3, 3],
      'dncnn.2.weight': [8, 8, 3, 3],
      'dncnn.4.weight': [3, 8, 3, 3],
    }),
  ],
  ['SPAN', dictOf(shapesOf('span', { feature_channels: 8 }))],
  ['SPAN, folded', dictOf(shapesOf('span', { feature_channels: 8, form: 'plain' }))],
  ['RLFN', dictOf({ 'block_1.c1_r.weight': [8, 8, 3, 3], 'block_1.esa.conv1.weight': [4, 8, 1, 1] })],
  ['IMDN', dictOf({ 'IMDB1.c1.weight': [8, 8, 3, 3] })],
  ['DBSNl (AP-BSN, SDAP)', dictOf(shapesOf('dbsnl', { base_ch: 8, num_module: 2 }), 'module.bsn.')],
  ['the student U-Net (AT-BSN, APR-RD, TM-BSN)', dictOf(shapesOf('student', { channels: 8 }))],
  ['NAFNet', dictOf(shapesOf('nafnet', { width: 8 }))],
  ['SwinIR', dictOf({ 'layers.0.residual_group.blocks.0.attn.qkv.weight': [8, 8] })],
  [
    'last and averaged weights (`params`, `params_ema`)',
    make.dict({ params: dictOf(small), params_ema: dictOf(small) }),
  ],
  [
    'last and averaged weights of trainers (`model`, `ema`)',
    make.dict({ model: dictOf(small), ema: dictOf(small) }),
  ],
  [
    'a GAN’s training (`generator`, `discriminator`)',
    make.dict({ discriminator: dictOf(judge), generator: dictOf(small) }),
  ],
  [
    'a Lightning training (`generator.…`, `discriminator.…`)',
    make.dict({
      state_dict: dictOf({
        ...Object.fromEntries(Object.entries(small).map(([key, shape]) => [`generator.${key}`, shape])),
        ...Object.fromEntries(Object.entries(judge).map(([key, shape]) => [`discriminator.${key}`, shape])),
      }),
    }),
  ],
];

/** What is said of a checkpoint: the network and where it was found, or why it is refused. */
async function verdict(value: Piece): Promise<string> {
  const recognises = (shapes: Shapes): boolean => recogniseNetwork(shapes) !== undefined;
  try {
    const header = await readWeightsHeader(zipCheckpoint(value, { 0: Buffer.alloc(4) }), { recognises });
    const shapes = Object.fromEntries([...header.tensors].map(([key, { shape }]) => [key, shape]));
    const found = recogniseNetwork(shapes);
    if (found === undefined) return `refused: ${nearMiss(shapes) ?? 'no known network'}`;
    const { description, task } = found;
    const colours = description.inputChannels === 1 ? ', grey' : '';
    const where = [...header.wrapper, header.prefix.slice(0, -1)].filter((part) => part !== '').join('.');
    return `loads: ${description.architecture}${task === 'upscale' ? ` ×${description.scale}` : ''}${colours}${where === '' ? '' : `, from \`${where}\``}`;
  } catch (error) {
    if (!(error instanceof RevelaError)) throw error;
    return `refused: ${error.message.replace(/^the weights:? /, '')}`;
  }
}

test('the page of weights says which checkpoints load, as they do', async () => {
  const rows = await Promise.all(
    checkpoints.map(async ([what, value]) => `| ${what} | ${await verdict(value)} |`),
  );
  const table = ['', '| checkpoint | |', '|---|---|', ...rows, ''].join('\n');
  const text = await readFile(page, 'utf8');
  const [before, rest] = text.split(begin);
  const [found, after] = (rest ?? '').split(end);
  if (process.env['WRITE_DOCS'] === '1') await writeFile(page, `${before}${begin}${table}${end}${after}`);
  else expect(found).toBe(table);
});
