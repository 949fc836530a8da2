import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

/** x / (1 + |x|), declared as primitives are. */
const declaration = `
import { absolute } from './comparisons.js';
import { add } from './arithmetic.js';

/** x / (1 + |x|) */
export const softsign: SingleOperation<'softsign'> = single('softsign', {
  formula: (x) => x / (1 + Math.abs(x)),
  gradient: ({ inputs: [x], upstream }) => {
    const below = add(1, absolute(x));
    return [divide(upstream, multiply(below, below))];
  },
  cheap: true,
});
`;

const lowering = "\n  softsign: operator('Softsign'),\n  exp: operator('Exp'),";

/** What every pass makes of it, as JSON. */
const uses = `
import { fromBinary } from '@bufbuild/protobuf';
import { ModelProtoSchema } from 'onnx-buf';
import { compile, compileLoop } from './index.js';
import * as t from '../tensor/index.js';

/** The last operators of a convolution that is doubled and goes through softsign, given the images. */
function lastOf(shape: t.Shape, kernel: number, block?: 16): readonly string[] {
  const [, channels = 1] = shape;
  const program = t.trace(({ input }) => {
    const x = t.conv2d(input('x', shape), input('w', [channels, channels, kernel, kernel]), undefined, { padding: (kernel - 1) / 2 });
    return { y: t.softsign(t.multiply(x, 2)) };
  });
  const target = block === undefined ? { device: 'cpu' } as const : { device: 'cpu', block } as const;
  const nodes = fromBinary(ModelProtoSchema, compile(program, target).bytes).graph?.node ?? [];
  return nodes.map(({ opType }) => opType).slice(-5);
}

const x = t.input('x', [4]);
const w = t.input('w', [4]);
const loss = t.sum(t.exp(t.multiply(t.softsign(x), w)));
const gradients = t.gradientsOf(loss, [w]);
const counted = (roots: readonly t.Tensor[]) => t.topologicalOrder(roots).filter(({ primitive }) => primitive === 'softsign').length;
const loop = compileLoop(t.trace(({ input }) => ({ x: t.softsign(input('x', [8])) })));
console.log(JSON.stringify({
  value: t.evaluate({ primitive: 'softsign', attributes: {} }, [-3]),
  gradient: t.topologicalOrder(t.gradientsOf(t.sum(t.softsign(x)), [x])).map(({ primitive }) => primitive),
  made: [counted([loss, ...gradients]), counted([loss, ...t.rematerialise(loss, gradients, 0)])],
  multiplyAdds: t.multiplyAddsOf(t.softsign(x)),
  loop: loop.functions,
  blocked: lastOf([2, 32, 16, 16], 3, 16),
  batchLast: lastOf([8, 32, 2, 2], 1),
}));
`;

describe('a made-up primitive that works on each number by itself', () => {
  const root = join(import.meta.dirname, '..', '..');
  let folder = '';
  beforeAll(() => {
    mkdirSync(join(root, 'build'), { recursive: true });
    // Beside node_modules, so that what it imports is found.
    folder = mkdtempSync(join(root, 'build', 'made-up-'));
    cpSync(join(root, 'src'), join(folder, 'src'), { recursive: true });
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        extends: join(root, 'tsconfig.base.json'),
        compilerOptions: { rootDir: './src', outDir: './dist', lib: ['ES2023', 'ESNext.Disposable', 'DOM'] },
        files: ['src/tensor/index.ts', 'src/compile/index.ts'],
      }),
    );
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const compiled = () =>
    spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], {
      encoding: 'utf8',
    });

  test('touches its declaration and its lowering, and nothing else', () => {
    appendFileSync(join(folder, 'src/tensor/elementwise/functions.ts'), declaration);
    // Without a lowering the type checker says what is missing.
    expect(compiled().stdout).toMatch(/lowerings\.ts.*softsign/s);
    const lowerings = join(folder, 'src/compile/lowerings.ts');
    const before = readFileSync(lowerings, 'utf8');
    writeFileSync(lowerings, before.replace("\n  exp: operator('Exp'),", lowering));
    const changed = readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' }).filter(
      (path) =>
        path.endsWith('.ts') &&
        readFileSync(join(folder, 'src', path), 'utf8') !== readFileSync(join(root, 'src', path), 'utf8'),
    );
    expect(changed.sort()).toEqual(['compile/lowerings.ts', 'tensor/elementwise/functions.ts']);

    writeFileSync(join(folder, 'src/compile/uses.ts'), uses);
    appendFileSync(join(folder, 'src/compile/index.ts'), "\nexport * from './uses.js';\n");
    expect(compiled().stdout).toBe('');
    const told = spawnSync(process.execPath, [join(folder, 'dist/compile/uses.js')], { encoding: 'utf8' });
    expect(told.stderr).toBe('');
    expect(JSON.parse(told.stdout)).toEqual({
      value: -0.75,
      gradient: expect.arrayContaining(['absolute', 'divide']),
      // What costs next to nothing is made a second time for the backward pass.
      made: [1, 2],
      multiplyAdds: 0,
      loop: [{ name: 'softsign', call: { primitive: 'softsign', attributes: {} } }],
      // The images stay in their layout, from the convolution to the end.
      blocked: ['Reshape', 'Conv', 'Mul', 'Softsign', 'ReorderOutput'],
      batchLast: ['Mul', 'Softsign', 'Reshape', 'Transpose', 'Reshape'],
    });
  });
});
