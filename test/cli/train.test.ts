import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { readSafetensors } from '#src/weights/index.js';
import {
  drawWeights,
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
const steps = 60;

function train(run: string, ...options: readonly (string | number)[]): readonly (string | number)[] {
  const learning = ['--steps', steps, '--seed', 3, ...smallNetwork];
  return ['train', 'denoiser', path('noisy'), '--output', path(run), ...learning, ...onCpu, ...options];
}

async function tensorsOf(run: string) {
  return (await readSafetensors(path(run, 'weights.safetensors'))).tensors;
}

async function stepsOf(run: string): Promise<readonly unknown[]> {
  return jsonLines(await readFile(path(run, 'metrics.jsonl'), 'utf8')).map(({ step }) => step);
}

beforeAll(async () => {
  await mkdir(path('noisy'));
  for (const name of ['a.png', 'b.png']) await photograph(64, 56).png().toFile(path('noisy', name));
});

describe('train denoiser', () => {
  it('saves when it is stopped, and goes on to the same numbers', async () => {
    const whole = await expectSuccess(revela(train('whole', '--licence', 'CC0-1.0')));
    expect(whole.stdout).toBe(`${path('whole/weights.safetensors')}\n`);
    expect(whole.stderr).toMatch(/^Training on 2 pictures for 60 steps\nDevice: CPU, 1 thread\n/);
    expect(whole.stderr).toMatch(/\nTrained 60 steps in \d:\d\d\n$/);
    expect(namesIn(path('whole'))).toEqual([
      'best.safetensors',
      'checkpoints',
      'config.json',
      expect.stringContaining('events.out.tfevents'),
      'metrics.jsonl',
      'samples',
      'weights.safetensors',
    ]);

    const stopped = await revela(train('halves', '--json'), {
      interrupt: { at: '"step":3,', signal: 'SIGTERM' },
    });
    expect(stopped.code).toBe(143);
    expect(stopped.stderr).toMatch(
      /^revela: stopped after step \d+, which is saved; go on with: revela train denoiser --resume \S+halves\n$/,
    );
    const done = Number(/after step (\d+)/.exec(stopped.stderr)?.[1]);
    expect(done).toBeLessThan(steps);
    expect(jsonLines(stopped.stdout).at(-1)).toMatchObject({ kind: 'error', exitCode: 143 });
    expect(await tensorsOf('halves')).not.toEqual(await tensorsOf('whole'));

    const resumed = await expectSuccess(revela(['train', '--resume', path('halves'), '--json', ...onCpu]));
    const lines = jsonLines(resumed.stdout);
    expect(lines[0]).toEqual({ kind: 'note', message: `Going on with ${path('halves')} after step ${done}` });
    expect(lines.find(({ kind }) => kind === 'training')).toMatchObject({ step: done + 1, steps });
    expect(lines.at(-1)).toMatchObject({ kind: 'done', steps, weights: path('halves/weights.safetensors') });
    expect(await tensorsOf('halves')).toEqual(await tensorsOf('whole'));
    expect(await stepsOf('halves')).toEqual(await stepsOf('whole'));

    const more = ['train', '--resume', path('halves'), '--steps', steps + 1, '--max-input', 300, '--json'];
    const longer = jsonLines((await expectSuccess(revela([...more, ...onCpu]))).stdout);
    expect(longer.at(-1)).toMatchObject({ kind: 'done', steps: steps + 1 });
    expect(await stepsOf('whole')).toEqual(Array.from({ length: steps }, (_, i) => i + 1));
  });

  // A machine of more memory would begin.
  it.skipIf(process.availableMemory() > 100e9)(
    'is refused before the first step where memory is short, and leaves nothing that refuses the next try',
    async () => {
      const large = ['--base-channels', 128, '--modules', 9, '--batch', 256, '--patch', 160];
      const short = await revela([
        'train',
        'denoiser',
        path('noisy'),
        '-o',
        path('short'),
        ...large,
        ...onCpu,
      ]);
      expect(short.code).toBe(1);
      expect(short.stderr).toMatch(
        /\nrevela: a training step takes [\d.]+ GB of memory, and [\d.]+ GB are free; make the (batch|patches) smaller: --\w+ .*fits\n$/,
      );
      await expectSuccess(revela(train('short', '--steps', 1)));
    },
  );

  it('describes what it made', async () => {
    const run = await expectSuccess(revela(['info', path('whole')]));
    expect(run.stdout).toMatch(
      /kind +folder of a training run, of a denoiser\n +saved +step 60\n +last seen +step 60, loss /,
    );
    expect(run.stdout).toMatch(/budget +steps 60\n/);
    const weights = await expectSuccess(revela(['info', path('whole/weights.safetensors'), '--json']));
    expect(jsonLines(weights.stdout)).toMatchObject([
      {
        kind: 'weights',
        network: { architecture: 'dbsnl', config: { base_ch: 4, num_module: 1 } },
        method: 'sdap',
        training: { steps: 60, seed: 3, pictures: 2 },
        licence: 'CC0-1.0',
      },
    ]);
    const checkpoint = await expectSuccess(
      revela(['info', path('whole/checkpoints/step-00000060.safetensors')]),
    );
    expect(checkpoint.stdout).toMatch(/kind +checkpoint of a training run, [\d.]+ KiB\n/);
  });

  it('starts from weights and leaves out a broken picture of a folder', async () => {
    await drawWeights(path('drawn.safetensors'));
    await writeFile(path('noisy', 'broken.png'), 'No picture.');
    const options = ['--weights', path('drawn.safetensors'), '--steps', 2, '--patch', 40, ...onCpu];
    const { stderr } = await expectSuccess(
      revela(['train', 'denoiser', path('noisy'), '--output', path('tuned'), ...options]),
    );
    expect(stderr).toMatch(
      /^Left out: \S+broken\.png is not a picture[^\n]+\nTraining on 2 pictures for 2 steps\n/,
    );
    const tuned = (await tensorsOf('tuned')).get('tail.6.bias')?.data;
    const drawn = (await readSafetensors(path('drawn.safetensors'))).tensors.get('tail.6.bias')?.data;
    expect(Math.abs(Number(tuned?.[0]) - Number(drawn?.[0]))).toBeLessThan(0.01);
    expect(tuned).not.toEqual(drawn);
  });
});
