import { describe, expect, test } from 'vitest';
import {
  amsnet,
  defaultVariants,
  denoisingMethods,
  distillationLoss,
  distilled,
  drawAssignment,
  inferenceMethods,
  learnsFromPictures,
  supervisedMethods,
  plainInference,
  recharged,
  sdap,
  teacherVariant,
} from '#src/denoise/index.js';
import { architectures } from '#src/networks/index.js';
import { createRandom } from '#src/nn/index.js';
import { add, input } from '#src/tensor/index.js';
import { interpret } from '../tensor/interpreter.js';
import { refusal } from '../weights/files.js';

describe('distillation', () => {
  test('adds up the mean absolute differences from all teachers', () => {
    const shape = [1, 1, 2, 2];
    const loss = distillationLoss(input('s', shape), [input('a', shape), input('b', shape)]);
    const [value] = interpret([loss], {
      s: Float64Array.of(1, 2, 3, 4),
      a: Float64Array.of(1, 2, 3, 8),
      b: Float64Array.of(0, 0, 0, 0),
    });
    expect(value?.data[0]).toBeCloseTo(1 + 2.5, 6);
  });

  test('recharging puts each noisy pixel into the target of one teacher, in all its channels', () => {
    const shape = [1, 2, 1, 3];
    const noisy = Float64Array.of(1, 2, 3, 4, 5, 6);
    const [first, second] = interpret(
      recharged([input('a', shape), input('b', shape)], input('y', shape), input('who', [1, 1, 1, 3])),
      {
        a: new Float64Array(6).fill(10),
        b: new Float64Array(6).fill(20),
        y: noisy,
        who: Float64Array.of(0, 1, 0),
      },
    );
    expect([...(first?.data ?? [])]).toEqual([1, 10, 3, 4, 10, 6]);
    expect([...(second?.data ?? [])]).toEqual([20, 2, 20, 20, 5, 20]);
  });

  test('assigns pixels to the teachers evenly, and anew each step', () => {
    const draw = (step: number) => drawAssignment(createRandom(1, step), { batch: 2, patch: 60 }, 3);
    const { data, shape } = draw(1);
    expect(shape).toEqual([2, 1, 60, 60]);
    for (const teacher of [0, 1, 2])
      expect(Math.abs(data.filter((x: number | bigint) => x === teacher).length - 2400)).toBeLessThan(200);
    expect(draw(1).data).toEqual(data);
    expect(draw(2).data).not.toEqual(data);
  });

  test('gives a student that does one pass over the picture as it is', () => {
    const x = input('x', [1, 3, 5, 7]);
    const [result] = interpret([distilled.inference.denoise((y) => add(y, 1), x, plainInference, {})], {
      x: new Float64Array(105),
    });
    expect(result?.data.every((value) => value === 1)).toBe(true);
    expect(distilled.inference.margin(31, plainInference)).toBe(31);
    expect(distilled.inference.multiple(plainInference)).toBe(1);
  });
});

describe('the ways to run a teacher', () => {
  test('are words joined by +', () => {
    expect(teacherVariant('pd3+enhanced', sdap)).toEqual({
      options: { ...plainInference, subSampling: 3, enhance: true },
      keepDetail: false,
      draw: 0,
    });
    expect(teacherVariant('per-pixel+masks4+detail+draw2', amsnet)).toEqual({
      options: { ...plainInference, refine: 'per-pixel', masks: 4 },
      keepDetail: true,
      draw: 2,
    });
    expect(teacherVariant('pd2', sdap)).toEqual({ options: plainInference, keepDetail: false, draw: 0 });
  });

  test('are refused where a word is none, or means nothing to the method', async () => {
    expect(await refusal(() => teacherVariant('pd2+sharp', sdap))).toContain('`variants`: sharp is no part');
    expect(await refusal(() => teacherVariant('', sdap))).toContain('variants');
    expect(await refusal(() => teacherVariant('masks3', sdap))).toBe(
      '`variants`: masks3 means nothing to sdap; leave it out',
    );
    expect(await refusal(() => teacherVariant('detail', distilled))).toContain(
      'detail means nothing to distilled',
    );
  });

  test('give detail back by default where the method loses it', () => {
    expect(defaultVariants(sdap)).toEqual(['pd2+detail', 'pd3+detail', 'pd3+enhanced+detail']);
    expect(defaultVariants(distilled)).toEqual(['draw1']);
  });

  test('have defaults that every method can take, no two alike', () => {
    for (const method of Object.values(inferenceMethods)) {
      const variants = defaultVariants(method).map((text) => teacherVariant(text, method));
      expect(new Set(variants.map((variant) => JSON.stringify(variant))).size).toBe(variants.length);
    }
  });
});

describe('the list of methods', () => {
  test('has each under its name, and apart those that learn from pictures', () => {
    const others = ['distilled', 'supervised'];
    expect(Object.keys(inferenceMethods)).toEqual(['sdap', 'amsnet', 'amsnet-p', 'ap-bsn', ...others]);
    expect(Object.keys(supervisedMethods)).toEqual(['supervised']);
    expect(Object.keys(denoisingMethods)).toEqual(['sdap', 'amsnet', 'amsnet-p', 'ap-bsn']);
    for (const [name, method] of Object.entries(inferenceMethods)) {
      expect(method.name).toBe(name);
      expect(learnsFromPictures(method)).toBe(!others.includes(name));
    }
  });

  test('names networks that exist, with a blind spot where the method needs one', () => {
    for (const { defaultNetwork, needsBlindSpot } of Object.values(inferenceMethods)) {
      const network = architectures[defaultNetwork]?.ofSize({});
      expect(network).toBeDefined();
      if (needsBlindSpot) expect(network?.blindSpot).toBe(true);
    }
  });

  test('has recipes whose stages use the whole budget on patches that suit the method', () => {
    for (const method of Object.values(inferenceMethods))
      for (const { stages } of Object.values(method.presets)) {
        expect(stages.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
        const multiple = learnsFromPictures(method) ? method.training.patchMultiple : 1;
        for (const { patch } of stages) expect(patch % multiple).toBe(0);
      }
  });
});
