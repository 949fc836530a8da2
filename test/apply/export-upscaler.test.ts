import { readFile, writeFile } from 'node:fs/promises';
import * as ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { exportUpscaler } from '#src/api/index.js';
import { upscaleProgram } from '#src/apply/upscale-program.js';
import { readOnnxOutline } from '#src/weights/index.js';
import { cpuRuntime } from '../compile/running.js';
import { refusal, temporaryFolder } from '../weights/files.js';
import { largestDifference, liveliness, noisyPicture } from '../models/denoisers.js';
import { inOnePiece } from './in-one-piece.js';
import { smallUpscalers } from '../models/upscalers.js';

const path = temporaryFolder();
const cpu = cpuRuntime();

describe('a model', () => {
  test.each(Object.entries(smallUpscalers))(
    'of %s is what the library does, at any size',
    async (name, weights) => {
      const file = path(`${name}.onnx`);
      await exportUpscaler(weights, file);
      const session = await ort.InferenceSession.create(file);
      const { scale } = weights.description;
      for (const [width, height] of [
        [1, 1],
        [7, 3],
        [45, 30],
      ] as const) {
        const picture = noisyPicture(width, height);
        const data = await inOnePiece(cpu(), upscaleProgram(weights), picture);
        const { upscaled } = await session.run({
          picture: new ort.Tensor('float32', picture.data, [1, 3, height, width]),
        });
        expect(upscaled?.dims).toEqual([1, 3, height * scale, width * scale]);
        if (!(upscaled?.data instanceof Float32Array)) expect.fail('there is no picture of floats');
        expect(largestDifference(upscaled.data, data)).toBeLessThanOrEqual(1e-5);
        if (width > 40) expect(liveliness(data).inside).toBeGreaterThan(0.3);
      }
      await session.release();
    },
  );

  test('says what it is and how it is called', async () => {
    const { card, bytes } = await exportUpscaler(smallUpscalers['SRVGGNet ×4'], path('card.onnx'));
    const outline = await readOnnxOutline(path('card.onnx'));
    expect(outline).toMatchObject({ fileSize: bytes, opset: 21, metadata: card });
    expect(outline.inputs).toEqual([{ name: 'picture', shape: [1, 3, 'height', 'width'] }]);
    expect(outline.outputs).toEqual([{ name: 'upscaled', shape: [1, 3, '4*height', '4*width'] }]);
    expect(card).toMatchObject({ name: 'card', task: 'upscale', scale: '4', size_multiple: '1' });
  });

  test('replaces a file only on demand, and is no picture', async () => {
    await writeFile(path('there.onnx'), 'precious');
    const weights = smallUpscalers['SRVGGNet ×3'];
    expect(await refusal(() => exportUpscaler(weights, path('there.onnx')))).toContain('exists already');
    expect(await readFile(path('there.onnx'), 'utf8')).toBe('precious');
    await exportUpscaler(weights, path('there.onnx'), { overwrite: true });
    expect((await readOnnxOutline(path('there.onnx'))).nodes).toBeGreaterThan(5);
    expect(await refusal(() => exportUpscaler(weights, path('x.png')))).toMatch(/must end in \.onnx/);
  });
});
