import { expect, test } from 'vitest';
import {
  convolutionStep,
  doublingStep,
  poolingStep,
  receptiveFieldReach,
  stridedConvolutionStep,
} from '#src/networks/index.js';

test('convolutions add up', () => {
  expect(receptiveFieldReach([])).toBe(0);
  expect(receptiveFieldReach([convolutionStep(3), convolutionStep(7)])).toBe(4);
});

test('a pooling that is undone sees the rest of its block', () => {
  expect(receptiveFieldReach([poolingStep, doublingStep])).toBe(1);
  // Output 1 lies in cell 0 and sees cells −1 to 1: pixels −2 to 3.
  expect(receptiveFieldReach([poolingStep, convolutionStep(3), doublingStep])).toBe(3);
});

test('a strided convolution sees one pixel more before its block', () => {
  // Output 1 lies in cell 0, which sees −1 to 1.
  expect(receptiveFieldReach([stridedConvolutionStep, doublingStep])).toBe(2);
});

test('where the result is larger, every part of a pixel counts from the pixel itself', () => {
  expect(receptiveFieldReach([doublingStep])).toBe(0);
  // Output 0 sees −1 to 1 of the doubled pixels, output 1 sees 0 to 2: pixels −1 to 1.
  expect(receptiveFieldReach([doublingStep, convolutionStep(3)])).toBe(1);
  expect(receptiveFieldReach([convolutionStep(3), doublingStep, doublingStep, convolutionStep(7)])).toBe(2);
});

test('going down twice repeats itself at the grid of the coarsest level', () => {
  const pass = [poolingStep, convolutionStep(3), doublingStep];
  expect(receptiveFieldReach([...pass, ...pass])).toBe(5);
});
