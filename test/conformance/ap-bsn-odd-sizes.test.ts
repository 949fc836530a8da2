import { describe, expect, test } from 'vitest';
import { apBsn, plainInference } from '#src/denoise/index.js';
import { applyNetwork } from '#src/nn/index.js';
import type { Shape, Tensor, TensorValue } from '#src/tensor/index.js';
import { elementCount, multiply, trace } from '#src/tensor/index.js';
import { apBsnMethod } from '../../conformance/ap-bsn.js';
import { expectTensor, type Fixture, grouped, readFixture, specsOf } from '../../conformance/fixture.js';
import { networkOf } from '../../conformance/networks.js';
import { parametersOf } from '../../conformance/three-steps.js';
import { cpuRuntime, run } from '../compile/running.js';

const cpu = cpuRuntime();
/** PyTorch's numbers for a picture 63 high and 64 wide. */
const oddHeight = () => readFixture('test/fixtures/methods/ap_bsn.safetensors');

/** The last two axes of a tensor of four or more, exchanged; others as they are. */
function turned(value: TensorValue): TensorValue {
  const [height = 1, width = 1] = value.shape.slice(-2);
  if (value.shape.length < 4) return value;
  const data = value.data.slice();
  const plane = height * width;
  for (let i = 0; i < data.length; i++) {
    const [y, x] = [Math.floor((i % plane) / width), i % width];
    data[i - (i % plane) + x * height + y] = value.data[i] ?? 0;
  }
  return { ...value, data, shape: [...value.shape.slice(0, -2), width, height] };
}

/** A picture of `shape`, cut off or filled up with zeros at the right and at the bottom. */
function resized(value: TensorValue, shape: Shape): TensorValue {
  const [oldHeight = 1, oldWidth = 1] = value.shape.slice(-2);
  const [height = 1, width = 1] = shape.slice(-2);
  const data = new Float32Array(elementCount(shape));
  for (let i = 0; i < data.length; i++) {
    const [plane, y, x] = [
      Math.floor(i / (height * width)),
      Math.floor((i % (height * width)) / width),
      i % width,
    ];
    if (y < oldHeight && x < oldWidth)
      data[i] = Number(value.data[(plane * oldHeight + y) * oldWidth + x] ?? 0);
  }
  return { data, shape, dtype: 'float32' };
}

async function expectConformant(fixture: Fixture): Promise<void> {
  for (const { what, error, tolerance } of await apBsnMethod(fixture, cpu()))
    expect(error, what).toBeLessThanOrEqual(tolerance);
}

describe('the conformance runner takes AP-BSN pictures', () => {
  test('of odd height', async () => {
    await expectConformant(await oddHeight());
  });

  // Turning the picture, the draws, every kernel and every mask turns what PyTorch computed.
  test('of odd width', async () => {
    const fixture = await oddHeight();
    const tensors = Object.fromEntries(
      Object.entries(fixture.tensors).map(([name, value]) => [name, turned(value)]),
    );
    expect(tensors['input']?.shape).toEqual([1, 3, 64, 63]);
    await expectConformant({ ...fixture, tensors });
  });

  // Of this there are no numbers of PyTorch's: what is expected is the picture filled up by hand, whose size is the one above.
  test('of odd height and odd width', async () => {
    const fixture = await oddHeight();
    const input = resized(expectTensor(fixture, 'input'), [1, 3, 63, 63]);
    const whole = resized(input, [1, 3, 64, 64]);
    const [parameters, network] = [parametersOf(fixture), networkOf(fixture, 'dbsnl')];
    const { data } = expectTensor(fixture, 'replaced');
    const replaced: TensorValue = {
      data: Float32Array.from(data, Number),
      shape: [8, 1, 3, 64, 64],
      dtype: 'float32',
    };
    const program = trace((declare) => {
      const weights = declare.inputs('param', specsOf(parameters));
      const draws = declare.inputs('draw', specsOf({ replaced }));
      const noisy = declare.input('input', whole.shape);
      // The fixture's network was given 0 to 1.
      const denoiser = (x: Tensor) => multiply(applyNetwork(network, weights, multiply(x, 1 / 255)), 255);
      const refined = { ...plainInference, refine: 'per-element' } as const;
      return {
        plain: apBsn.inference.denoise(denoiser, noisy, plainInference, {}),
        refined: apBsn.inference.denoise(denoiser, noisy, refined, draws),
      };
    });
    const expected = await run(cpu(), program, {
      ...grouped('param', parameters),
      ...grouped('draw', { replaced }),
      input: whole,
    });
    const { plain, refined } = expected;
    if (plain === undefined || refined === undefined) throw new Error('nothing was computed');
    await expectConformant({
      ...fixture,
      tensors: {
        ...fixture.tensors,
        input,
        output_without_refinement: resized(plain, [1, 3, 63, 63]),
        output: refined,
      },
    });
  });
});
