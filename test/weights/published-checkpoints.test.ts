import { expect, test } from 'vitest';
import {
  readWeightsFile,
  readWeightsHeader,
  type StoredTensor,
  toFloat32,
  type WeightsFile,
} from '#src/weights/index.js';
import { sharedFolder } from '../shared.js';
import { refusal } from './files.js';

/** Files, what was around their tensors, and how many tensors, numbers and what sum of magnitudes PyTorch finds. */
const published: readonly (readonly [string, Partial<WeightsFile>, number, number, number])[] = [
  ['NBSN_SIDD.pth', { format: 'pytorch', wrapper: [] }, 32, 1_021_107, 38602.450290539644],
  ['dncnn_color_blind.pth', { format: 'pytorch-legacy', prefix: '' }, 40, 668_227, 16957.868287055677],
  ['realesr-animevideov3.pth', { format: 'pytorch', wrapper: ['params'] }, 53, 621_424, 28266.760310627476],
  ['checkpoints_small_clip.ckpt', { wrapper: ['state_dict'] }, 171, 346_835, 18989.00785626749],
  ['checkpoints_half_prefixed.pth', { prefix: 'net.' }, 171, 346_835, 18989.01989376545],
  ['checkpoints_legacy.pth', { format: 'pytorch-legacy' }, 171, 346_835, 18989.00785626749],
  ['clip_small_torchscript.pt', { format: 'torchscript' }, 171, 346_835, 18989.018412415044],
  ['lpips_v0.1_alex.pth', { format: 'pytorch-legacy' }, 5, 1152, 105.2753545809201],
  ['lpips_v0.1_squeeze.pth', { format: 'pytorch-legacy' }, 7, 2240, 173.4387181383333],
  ['lpips_v0.1_vgg.pth', { format: 'pytorch-legacy' }, 5, 1472, 131.85550854727626],
  ['dists_weights.pt', { format: 'pytorch-legacy' }, 2, 2950, 0.9999998340399019],
];

test.for(published)('%s reads as PyTorch reads it', async ([name, facts, count, numbers, sum], context) => {
  const path = sharedFolder(context, 'weights', name);
  const file = await readWeightsFile(path);
  expect(file).toMatchObject(facts);
  expect(file.tensors.size).toBe(count);
  const all = [...file.tensors.values()].flatMap((tensor) => [...toFloat32(tensor)]);
  expect(all.length).toBe(numbers);
  expect(all.reduce((total, value) => total + Math.abs(value), 0)).toBeCloseTo(sum, 6);

  const header = await readWeightsHeader(path);
  expect([...header.tensors].map(([key, { dtype, shape }]) => [key, dtype, shape])).toEqual(
    [...file.tensors].map(([key, { dtype, shape }]) => [key, dtype, shape]),
  );
});

test.for([
  ['checkpoints_legacy.pth', 'checkpoints_small_clip.ckpt'],
  ['clip_small_torchscript.pt', 'clip_small_torchscript_state.safetensors'],
] as const)('%s holds exactly what %s does', async ([one, other], context) => {
  const first = await readWeightsFile(sharedFolder(context, 'weights', one));
  const second = await readWeightsFile(sharedFolder(context, 'weights', other));
  expect(Object.fromEntries(first.tensors)).toEqual(Object.fromEntries(second.tensors));
});

test('half precision is the full one, rounded', async (context) => {
  const half = await readWeightsFile(sharedFolder(context, 'weights', 'checkpoints_half_prefixed.pth'));
  const full = await readWeightsFile(sharedFolder(context, 'weights', 'checkpoints_small_clip.ckpt'));
  expect([...half.tensors.keys()]).toEqual([...full.tensors.keys()]);
  for (const [key, tensor] of full.tensors) {
    const rounded = half.tensors.get(key);
    expect(rounded?.dtype).toBe('F16');
    expect(rounded && toFloat32(rounded)).toEqual(roundedToHalf(tensor));
  }
});

test('a NumPy archive and a text are told to be no weights', async (context) => {
  const archive = sharedFolder(context, 'weights', 'niqe_pris_params.npz');
  expect(await refusal(() => readWeightsFile(archive))).toMatch(/ZIP archive without data\.pkl/);
  const text = sharedFolder(context, 'weights', 'brisque_live_allmodel.svm');
  expect(await refusal(() => readWeightsFile(text))).toMatch(/holds no weights/);
});

/** To the nearest multiple of 2^(exponent − 10), of two equally near ones to the even one. */
function roundedToHalf(tensor: StoredTensor): Float32Array {
  return toFloat32(tensor).map((value) => {
    const exponent = Math.max(-14, Math.floor(Math.log2(Math.abs(value))));
    const unit = 2 ** (exponent - 10);
    const count = value / unit;
    const isTie = Math.abs(count % 1) === 0.5;
    return (isTie ? 2 * Math.round(count / 2) : Math.round(count)) * unit;
  });
}
