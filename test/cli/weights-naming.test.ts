import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { saveUpscalerWeights } from '#src/api/index.js';
import { smallUpscalers } from '../models/upscalers.js';
import {
  drawWeights,
  expectRefusal,
  expectSuccess,
  jsonLines,
  namesIn,
  onCpu,
  photograph,
  revela,
  smallNetwork,
  temporaryFolder,
} from './command.js';

const path = temporaryFolder();

/** Runs a command in the folder of the tests, with a store of its own. */
const run = (...args: readonly (string | number)[]): ReturnType<typeof revela> =>
  revela(args, { cwd: path(), environment: { REVELA_MODELS: path('store') } });

beforeAll(async () => {
  for (const folder of ['runs/garden', 'runs/large', 'photos', 'clean'])
    await mkdir(path(folder), { recursive: true });
  await drawWeights(path('runs/garden/weights.safetensors'));
  await writeFile(path('runs/garden/config.json'), '{}');
  await saveUpscalerWeights(path('runs/large/weights.safetensors'), smallUpscalers['SRVGGNet ×4']);
  for (const [name, weights] of [
    ['ours', 'runs/garden/weights.safetensors'],
    ['ours-x4', 'runs/large/weights.safetensors'],
  ] as const)
    await expectSuccess(run('models', 'add', weights, '--name', name));
  for (const folder of ['photos', 'clean']) await photograph(48, 44).png().toFile(path(folder, 'a.png'));
});

describe('weights are named by the folder of a run and by a name of the store', () => {
  it.each(['runs/garden', 'runs/garden/', 'ours'])('in denoise: %s', async (weights) => {
    const into = ['--output', 'denoised.png', '--overwrite'] as const;
    await expectSuccess(
      run('denoise', 'photos/a.png', '--weights', weights, '--no-adapt', ...into, ...onCpu),
    );
  });

  it.each(['runs/large', 'ours-x4'])('in upscale: %s', async (weights) => {
    const into = ['--output', 'large.png', '--overwrite'] as const;
    const { stdout } = await expectSuccess(
      run('upscale', 'photos/a.png', '--weights', weights, ...into, ...onCpu),
    );
    expect(stdout).toBe('large.png\n');
  });

  it.each(['runs/garden', 'ours', 'runs/large', 'ours-x4'])('in export: %s', async (weights) => {
    const { stdout } = await expectSuccess(run('export', weights, 'model.onnx', '--overwrite', '--json'));
    const done = jsonLines(stdout).find(({ kind }) => kind === 'done');
    expect(done?.['card']).toMatchObject({
      task: weights.endsWith('garden') || weights === 'ours' ? 'denoise' : 'upscale',
    });
  });

  it.each(['runs/garden', 'ours'])('in weights convert: %s', async (weights) => {
    const { stdout } = await expectSuccess(
      run('weights', 'convert', weights, 'converted.pth', '--overwrite'),
    );
    expect(stdout).toMatch(/^converted\.pth: \d+ tensors\n$/);
  });

  it('in evaluate, where they give the labels', async () => {
    const { stdout } = await expectSuccess(
      run(
        'evaluate',
        'denoiser',
        '--noisy',
        'photos',
        '--clean',
        'clean',
        ...['--weights', 'runs/garden/', 'ours'],
        ...onCpu,
      ),
    );
    expect(stdout.split('\n').slice(0, 2)).toEqual([
      expect.stringMatching(/^garden: sdap, dbsnl, /),
      expect.stringMatching(/^ours: sdap, dbsnl, /),
    ]);
  });

  it.each(['runs/garden', 'ours'])('in distill and train: %s', async (weights) => {
    const short = ['--steps', 1, ...onCpu] as const;
    const student = ['--base-channels', 8, '--patch', 32] as const;
    const name = weights.replace('/', '-');
    await expectSuccess(
      run(
        'distill',
        'photos',
        '--teacher',
        weights,
        '--output',
        `runs/student-${name}`,
        ...student,
        ...short,
      ),
    );
    await expectSuccess(
      run(
        'train',
        'denoiser',
        'photos',
        '--weights',
        weights,
        '--output',
        `runs/more-${name}`,
        ...smallNetwork.slice(4),
        ...short,
      ),
    );
    expect(namesIn(path(`runs/more-${name}`))).toContain('weights.safetensors');
  });

  it('in info, where a folder is the run', async () => {
    expect((await expectSuccess(run('info', 'ours-x4'))).stdout).toMatch(/enlarges +by 4\n/);
    await expectRefusal(
      run('info', 'runs/garden'),
      1,
      'runs/garden/config.json is not the configuration of a run',
    );
  });
});

describe('refused', () => {
  beforeAll(async () => {
    await mkdir(path('runs/going-on'));
    await writeFile(path('runs/going-on/config.json'), '{}');
    await mkdir(path('runs/measured'));
    await writeFile(path('runs/measured/config.json'), '{}');
    await drawWeights(path('runs/measured/best.safetensors'));
  });

  it.each([
    [
      'photos',
      'photos is a folder, and not of a training run: name a file of weights, or the folder of a run',
    ],
    [
      'runs/going-on',
      'the run in runs/going-on has no weights yet (weights.safetensors): go on with it until it ends\n',
    ],
    ['runs/measured', 'until it ends, or name runs/measured/best.safetensors\n'],
    ['runs/gone', 'cannot read runs/gone: it does not exist'],
    ['gone.pth', 'cannot read gone.pth: it does not exist'],
    ['gone', 'gone is neither a file nor a model; known are RN50, '],
    ['RealESRGAN_x4plus', 'revela models pull RealESRGAN_x4plus'],
    ['runs/garden', 'runs/garden/weights.safetensors: this is a network that denoises pictures (dbsnl)'],
  ])('%s', async (weights, message) => {
    await expectRefusal(run('upscale', 'photos/a.png', '--weights', weights, ...onCpu), 1, message);
    expect(namesIn(path('photos'))).toEqual(['a.png']);
  });
});

describe('weights of the package', () => {
  it.each([
    ['denoise', 'general'],
    ['denoise', 'self-supervised'],
    ['upscale', 'photo'],
    ['upscale', 'faithful'],
  ])('%s --weights %s takes them by that name', async (command, name) => {
    const output = path(`${command}-${name}.png`);
    const learning = command === 'denoise' ? ['--no-adapt'] : [];
    await expectSuccess(
      revela([
        ...[command, path('photos/a.png'), '--weights', name, '--output', output],
        ...learning,
        ...['--device', 'cpu', '--threads', 1],
      ]),
    );
    expect(existsSync(output)).toBe(true);
  });
});
