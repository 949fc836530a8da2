import { beforeAll, describe, expect, test } from 'vitest';
import { loadDists, loadLpips } from '#src/api/index.js';
import { lpipsBackbones, lpipsNetworks } from '#src/quality/index.js';
import { writePytorch, writeSafetensors } from '#src/weights/index.js';
import { sharedFolder } from '../shared.js';
import { refusal, temporaryFolder } from '../weights/files.js';
import { madeBackbone, madeDistsWeights, madeHeads, stored } from './distances.js';

const path = temporaryFolder();

async function written(name: string, tensors: ReturnType<typeof stored>): Promise<string> {
  const file = path(`${name}.safetensors`);
  await writeSafetensors(file, { tensors, metadata: {} });
  return file;
}

/** VGG16 has 59 MB: written once. */
let vgg: string;
beforeAll(async () => {
  vgg = await written('vgg16', stored(madeBackbone('vgg')));
});

for (const network of lpipsNetworks) {
  test(`the public heads of LPIPS ${network} are read, beside torchvision’s network`, async (context) => {
    const weights = sharedFolder(context, 'weights', `lpips_v0.1_${network}.pth`);
    const made = madeBackbone(network);
    const backbone = network === 'vgg' ? vgg : path(`${network}.pth`);
    if (network !== 'vgg') await writePytorch(backbone, stored(made));
    const read = await loadLpips(network, { weights, backbone });
    expect(Object.values(read.heads).map(({ shape }) => shape)).toEqual(
      lpipsBackbones[network].channels.map((channels) => [1, channels, 1, 1]),
    );
    // They were learnt to be no less than 0.
    expect(Object.values(read.heads).every(({ data }) => data.every((w: number | bigint) => w >= 0))).toBe(
      true,
    );
    expect(Object.keys(read.backbone)).toEqual(Object.keys(made));
    expect(read.backbone['features.0.bias']?.data).toEqual(made['features.0.bias']?.data);
  });
}

test('the public weights of DISTS are read: together they are 1', async (context) => {
  const weights = sharedFolder(context, 'weights', 'dists_weights.pt');
  const read = await loadDists({ weights, backbone: vgg });
  const numbers = Object.values(read.weights).flatMap(({ data }) => Array.from(data, Number));
  expect(numbers).toHaveLength(2 * 1475);
  expect(numbers.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
});

test('a file with the heads twice, and the network of LPIPS beside them, is read', async () => {
  const heads = stored(madeHeads('alex'));
  const twice = new Map([
    ...heads,
    ...[...heads].map(([key, tensor]) => [key.replace('lin', 'lins.'), tensor] as const),
  ]);
  const backbone = await written('alexnet', stored(madeBackbone('alex')));
  const read = await loadLpips('alex', { weights: await written('whole', twice), backbone });
  expect(Object.keys(read.heads)).toEqual([...heads.keys()]);
});

describe('what cannot be used is refused in one line', () => {
  test('the heads of another network, and no heads', async () => {
    const others = await written('vgg-heads', stored(madeHeads('vgg')));
    const net = await written('alex-net', stored(madeBackbone('alex')));
    expect(await refusal(() => loadLpips('alex', { weights: others, backbone: net }))).toBe(
      `${others} holds the heads of LPIPS for vgg, not for alex`,
    );
    expect(await refusal(() => loadLpips('alex', { weights: net, backbone: net }))).toMatch(
      /holds no heads of LPIPS; its first tensors are features\.0\.weight.*v0\.1\/alex\.pth/,
    );
  });

  test('another network than the one that is looked through', async () => {
    const heads = await written('alex-heads', stored(madeHeads('alex')));
    const net = await written('squeeze-net', stored(madeBackbone('squeeze')));
    expect(await refusal(() => loadLpips('alex', { weights: heads, backbone: net }))).toMatch(
      /holds another network than AlexNet; LPIPS alex is defined on torchvision's alexnet/,
    );
    expect(await refusal(() => loadLpips('alex', { weights: heads, backbone: heads }))).toMatch(
      /holds no AlexNet; its first tensors are lin0/,
    );
  });

  test('DISTS without its weights, or with a part of them', async () => {
    const net = await written('no-weights', stored(madeBackbone('squeeze')));
    expect(await refusal(() => loadDists({ weights: net, backbone: vgg }))).toMatch(
      /holds no weights of DISTS/,
    );
    const { alpha, ...rest } = madeDistsWeights();
    expect(alpha?.shape).toEqual([1, 1475, 1, 1]);
    const half = await written('half', stored(rest));
    expect(await refusal(() => loadDists({ weights: half, backbone: vgg }))).toMatch(/lack alpha/);
  });
});
