import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const script = fileURLToPath(new URL('../../scripts/rooms.mjs', import.meta.url));
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'rooms-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Writes a tree of files below src/ and runs the check on it, in the folder above. */
function check(tree: Record<string, string>): { status: number | null; output: string; errors: string[] } {
  for (const [path, text] of Object.entries(tree)) {
    const target = join(folder, 'src', path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, 'src'], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, output: stdout, errors: stderr.trim().split('\n') };
}

/** A tree in which every room exists and offers one value. */
function house(...rooms: string[]): Record<string, string> {
  return Object.fromEntries(rooms.map((room) => [`${room}/index.ts`, `export const ${room} = 1;\n`]));
}

function expectViolation(tree: Record<string, string>, where: string, why: string): void {
  const { status, errors } = check(tree);
  expect(status).toBe(1);
  expect(errors).toHaveLength(2);
  expect(errors[0]).toMatch(new RegExp(`^src/${where} `));
  expect(errors[0]).toContain(why);
  expect(errors[1]).toMatch(/^rooms: 1 violation in \d+ files$/);
}

describe('what the house allows', () => {
  test('imports that point left, leaves, errors, the public face and the doors', () => {
    const { status, output } = check({
      ...house('tensor', 'images'),
      'errors.ts': 'export class RevelaError extends Error {}\n',
      'random.ts': 'export const random = 4;\n',
      'index.ts':
        "export { denoise } from './denoise/index.js';\nexport { images } from './images/index.js';\n",
      'compile/index.ts': "import { tensor } from '../tensor/index.js';\nexport const compile = tensor;\n",
      'networks/dbsnl.ts': "import { images } from '../images/index.js';\nexport const dbsnl = images;\n",
      'denoise/index.ts':
        "import { RevelaError } from '../errors.js';\nexport const denoise = RevelaError;\n",
      'images/patches.ts': "import { random } from '../random.js';\nexport const patch = random;\n",
      'api/index.ts': "import { denoise } from '../denoise/index.js';\nexport const api = denoise;\n",
      'cli/info/run.ts': "import { api } from '../../api/index.js';\napi();\n",
      'cli/main.ts': "import sharp from 'sharp';\nimport { denoise } from '../index.js';\nsharp(denoise);\n",
    });
    expect(status).toBe(0);
    expect(output).toBe('rooms: 12 files keep to the house rule\n');
  });

  test('types between the leaves, and cycles of types within a room', () => {
    const { status } = check({
      ...house('images'),
      'weights/index.ts':
        "import type { Picture } from '../images/index.js';\nexport type Card = { picture: Picture };\n",
      'nn/layer.ts': "import type { Tree } from './tree.js';\nexport type Layer = { tree: Tree };\n",
      'nn/tree.ts': "import type { Layer } from './layer.js';\nexport type Tree = { layers: Layer[] };\n",
    });
    expect(status).toBe(0);
  });

  test('imports that are only written in comments', () => {
    const { status } = check({
      ...house('training'),
      'tensor/index.ts': [
        '/**',
        ' * @example',
        " * import { training } from '../training/index.js';",
        ' */',
        "// import { training } from '../training/index.js';",
        '/*',
        "import { training } from '../training/index.js';",
        '*/',
        'export const tensor = 1;',
      ].join('\n'),
    });
    expect(status).toBe(0);
  });
});

describe('what the house forbids', () => {
  test('an import that points right', () => {
    const tree = { ...house('nn'), 'tensor/shape.ts': "\nimport { nn } from '../nn/index.js';\n" };
    expectViolation(tree, 'tensor/shape.ts:2', 'nn stands right of tensor');
  });

  test('types that point right', () => {
    const tree = { ...house('cli'), 'training/loop.ts': "import type { A } from '../cli/index.js';\n" };
    expectViolation(tree, 'training/loop.ts:1', 'cli stands right of training');
  });

  test('a re-export that points right, over several lines', () => {
    const tree = {
      ...house('runtime'),
      'compile/index.ts': "export const a = 1;\nexport {\n  runtime,\n} from '../runtime/index.js';\n",
    };
    expectViolation(tree, 'compile/index.ts:2', 'runtime stands right of compile');
  });

  test('rooms that stand side by side', () => {
    const tree = {
      ...house('upscale'),
      'denoise/sdap.ts': "import { upscale } from '../upscale/index.js';\n",
    };
    expectViolation(tree, 'denoise/sdap.ts:1', 'denoise and upscale stand side by side');
  });

  test('entering a room other than by its index.ts', () => {
    const tree = { 'tensor/shape.ts': '', 'nn/layer.ts': "import '../tensor/shape.js';\n" };
    expectViolation(tree, 'nn/layer.ts:1', 'the room tensor is entered by its index.ts');
  });

  test('the public face entering a room other than by its index.ts', () => {
    const tree = { 'nn/layer.ts': '', 'index.ts': "export * from './nn/layer.js';\n" };
    expectViolation(tree, 'index.ts:1', 'the room nn is entered by its index.ts');
  });

  test('starting a worker of another room', () => {
    const tree = {
      'runtime/worker.ts': '',
      'training/loop.ts': "const url = new URL('../runtime/worker.js', import.meta.url);\n",
    };
    expectViolation(tree, 'training/loop.ts:1', 'the room runtime is entered by its index.ts');
  });

  test('a dynamic import that points right', () => {
    const tree = { ...house('cli'), 'nn/layer.ts': "const cli = await import('../cli/index.js');\n" };
    expectViolation(tree, 'nn/layer.ts:1', 'cli stands right of nn');
  });

  test('a leaf that imports a room', () => {
    const tree = { ...house('tensor'), 'images/tiles.ts': "import { tensor } from '../tensor/index.js';\n" };
    expectViolation(tree, 'images/tiles.ts:1', 'images is a leaf');
  });

  test('a leaf that imports values of the other leaf', () => {
    const tree = { ...house('images'), 'weights/card.ts': "import { images } from '../images/index.js';\n" };
    expectViolation(tree, 'weights/card.ts:1', 'weights is a leaf');
  });

  test('a leaf used left of networks', () => {
    const tree = { ...house('weights'), 'nn/tree.ts': "import { weights } from '../weights/index.js';\n" };
    expectViolation(tree, 'nn/tree.ts:1', 'weights is open from networks onwards');
  });

  test('the public face imported from a room that is no door', () => {
    const tree = { 'index.ts': 'export const a = 1;\n', 'nn/layer.ts': "import { a } from '../index.js';\n" };
    expectViolation(tree, 'nn/layer.ts:1', 'index.ts is not open to nn');
  });

  test.each(['errors.ts', 'random.ts', 'write-beside.ts'])('%s importing a room', (file) => {
    const tree = { ...house('tensor'), [file]: "import { tensor } from './tensor/index.js';\n" };
    expectViolation(tree, `${file}:1`, 'it imports nothing');
  });

  test('the verbs imported from training', () => {
    const tree = { ...house('api'), 'training/loop.ts': "import '../api/index.js';\n" };
    expectViolation(tree, 'training/loop.ts:1', 'api stands right of training');
  });

  test('the command entering another room than api, report and serve', () => {
    const tree = { ...house('images'), 'cli/info/run.ts': "import '../../images/index.js';\n" };
    expectViolation(
      tree,
      'cli/info/run.ts:1',
      'the command enters api and report and serve and fleet only, not images',
    );
  });

  test('what runs on any platform importing the part that only Node can run', () => {
    const tree = { 'runtime/node/index.ts': '', 'runtime/index.ts': "export * from './node/index.js';\n" };
    expectViolation(tree, 'runtime/index.ts:1', 'runtime runs on any platform, but for runtime/node');
  });

  test('a file of one platform imported as such', () => {
    const tree = { 'platform/node/jpeg.ts': '', 'noise/jpeg.ts': "import '../platform/node/jpeg.js';\n" };
    expectViolation(tree, 'noise/jpeg.ts:1', 'is reached as #platform/');
  });

  test('what a page lacks of images asked for by another room', () => {
    const tree = { 'upscale/pairs.ts': "import { pictureSize } from '#images/picture-files';\n" };
    expectViolation(tree, 'upscale/pairs.ts:1', 'the room images is entered by its index.ts');
  });

  test('pixels importing a room', () => {
    const tree = { ...house('tensor'), 'pixels/tiles.ts': "import '../tensor/index.js';\n" };
    expectViolation(tree, 'pixels/tiles.ts:1', 'pixels imports no room but webassembly');
  });

  test('a folder that is no room', () => {
    expectViolation({ 'utils/index.ts': '' }, 'utils/index.ts:1', 'utils is no room of the house');
  });

  test('a file beside the rooms', () => {
    expectViolation({ 'version.ts': '' }, 'version.ts:1', 'belongs to no room');
  });

  test('an import from outside of src/, and the alias that is for tests', () => {
    expectViolation({ 'nn/a.ts': "import '../../test/a.js';\n" }, 'nn/a.ts:1', 'outside of src/');
    rmSync(join(folder, 'src'), { recursive: true });
    expectViolation(
      { 'nn/a.ts': "import '#src/nn/b.js';\n" },
      'nn/a.ts:1',
      'inside src/ imports are relative',
    );
  });

  test('an import of a file that does not exist', () => {
    expectViolation({ 'nn/a.ts': "import './gone.js';\n" }, 'nn/a.ts:1', 'no such file');
  });

  test('a cycle within a room', () => {
    const tree = {
      'nn/a.ts': "import './b.js';\n",
      'nn/b.ts': "\n\nexport { c } from './c.js';\n",
      'nn/c.ts': "import { b } from './b.js';\n",
    };
    expectViolation(tree, 'nn/b.ts:3', 'is in a cycle: nn/b.ts → nn/c.ts → nn/b.ts');
  });

  test('a file that imports itself', () => {
    expectViolation({ 'nn/a.ts': "import './a.js';\n" }, 'nn/a.ts:1', 'is in a cycle: nn/a.ts → nn/a.ts');
  });

  test('a folder that does not exist', () => {
    const { status, errors } = check({});
    expect(status).toBe(1);
    expect(errors[0]).toContain('does not exist');
  });
});
