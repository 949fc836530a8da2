import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { compile, type Costs, measuredCosts, operatorCounts, simplify } from '#src/compile/index.js';
import type { Plan } from '#src/compile/plan/kernel.js';
import { planProgram } from '#src/compile/plan/plan.js';
import type { Program } from '#src/tensor/index.js';
import { topologicalOrder } from '#src/tensor/index.js';
import { randomApplying, randomLearning } from './random-network.js';

const targets = [
  { device: 'cpu', block: 8 },
  { device: 'cpu', block: 16 },
  { device: 'cpu' },
  { device: 'webgpu' },
] as const;

const seeds = [0, 1, 2, 3, 4, 5];

const outputsOf = (program: Program) => Object.values(simplify(program).outputs);

const kernelsOf = (plan: Plan): readonly string[] => [...plan.values()].map(({ kernel }) => kernel.kind);

describe.each(targets)('a plan for %o', (target) => {
  const block = 'block' in target ? target.block : 16;

  test.each(seeds)('gives every node a kernel and every value a layout: network %i', (seed) => {
    for (const program of [
      randomLearning(seed, block),
      ...(seed === 0 ? [randomApplying(seed, block)] : []),
    ]) {
      const outputs = outputsOf(program);
      const plan = planProgram(outputs, target);
      const order = topologicalOrder(outputs);
      expect([...plan.keys()]).toEqual(order);
      const place = new Map(order.map((tensor, i) => [tensor, i]));
      for (const [tensor, { kernel, takes }] of plan) {
        // What is computed in passing is taken by nobody; all else is computed before it is taken.
        for (const { tensor: taken } of takes) {
          expect(plan.get(taken)?.kernel.kind).not.toBe('in passing');
          expect(place.get(taken)).toBeLessThan(place.get(tensor) ?? 0);
        }
        if (kernel.kind === 'primitive' && tensor.inputs.length > 0)
          expect(takes.map((taken) => taken.tensor)).toEqual(tensor.inputs);
      }
    }
  });
});

describe('the costs decide', () => {
  const target = { device: 'cpu', block: 16 } as const;
  const never: Costs = {
    ...measuredCosts,
    blockedPixels: { forward: Number.POSITIVE_INFINITY, backward: Number.POSITIVE_INFINITY },
    stripPixels: 0,
    winogradPixels: Number.POSITIVE_INFINITY,
    batchLastPixels: 0,
    depthwisePairs: 0,
  };
  const always: Costs = { ...measuredCosts, blockedPixels: { forward: 0, backward: 0 } };

  test('whether anything lies in blocks', () => {
    for (const seed of seeds) {
      const outputs = outputsOf(randomLearning(seed, 16));
      const layouts = (costs: Costs) =>
        new Set([...planProgram(outputs, target, costs).values()].map(({ gives }) => gives));
      expect([...layouts(never)]).toEqual(['plain']);
      expect(layouts(always)).toContain('blocked');
    }
  });

  test('whether filtering is minimal', () => {
    const outputs = outputsOf(randomApplying(0, 16));
    expect(kernelsOf(planProgram(outputs, target))).toContain('winograd');
    expect(kernelsOf(planProgram(outputs, target, never))).not.toContain('winograd');
  });

  test('what a compiled model is made of', () => {
    const program = randomLearning(0, 16);
    expect(operatorCounts(compile(program, target, never))['ReorderInput']).toBeUndefined();
    expect(operatorCounts(compile(program, target, always))['ReorderOutput']).toBeGreaterThan(0);
  });
});

test('what emits a plan decides nothing: it knows no costs and nothing of planning', () => {
  const folder = fileURLToPath(new URL('../../src/compile/', import.meta.url));
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (path) => path.endsWith('.ts') && !path.startsWith('plan'),
  );
  const importers = files.filter((path) =>
    /^import (?!type\b)[^;]*?\/plan\/(?:costs|planning|plan|convolutions|weight-gradient|in-passing|images|winograd|strips)\.js'/m.test(
      readFileSync(folder + path, 'utf8'),
    ),
  );
  // Where the two meet.
  expect(importers).toEqual(['lower-program.ts']);
  // A node's kernel depends on what it is, where it is planned; its layout is told to what emits it.
  for (const path of files.filter((name) =>
    /^(?:blocked|emit-kernel|batch-last|lower-(?!program)|values)/.test(name),
  ))
    expect(readFileSync(folder + path, 'utf8'), path).not.toMatch(
      /isPrimitive|\.primitive\s*[!=]==|switch \([^)]*\.primitive/,
    );
});
