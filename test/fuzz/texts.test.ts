import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { loadClipTokenizer } from '#src/api/index.js';
import { readOpinions } from '#src/evaluation/opinions/opinion-table.js';
import { openScoreRecord } from '#src/measures/score-record.js';
import { recogniseNetwork, networkCost, architecturesFor, networkParameters } from '#src/networks/index.js';
import { parseRanges } from '#src/quality/brisque/brisque-model.js';
import { parseSupportVectors } from '#src/quality/brisque/support-vectors.js';
import type { Random } from '#src/random.js';
import { describeRun, readMetrics } from '#src/runs/index.js';
import { readModelList } from '#src/weights/index.js';
import { drive } from './drive.js';
import { mutateText } from './mutate.js';

const text = (...lines: readonly string[]): Uint8Array => Buffer.from(`${lines.join('\n')}\n`, 'utf8');
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

const features = 36;
const vector = (seed: number): string =>
  Array.from({ length: features }, (_, i) => `${i + 1}:${(((seed + i) % 7) / 7 - 0.5).toFixed(6)}`).join(' ');
const model = text(
  ...[
    'svm_type epsilon_svr',
    'kernel_type rbf',
    'gamma 0.05',
    'nr_class 2',
    'total_sv 3',
    'rho -152.5',
    'SV',
  ],
  ...[`1024 ${vector(1)}`, `-12.25 ${vector(2)}`, `3e1 ${vector(3)}`],
);
const ranges = text(
  'x',
  '-1 1',
  ...Array.from({ length: features }, (_, i) => `${i + 1} ${i * 0.1} ${i + 2.5}`),
);
const table = text(
  'file,mos,"a note"',
  'a.png,3.5,"x, y"',
  'b.png,1.25,"""quoted"""',
  'c.png,4,',
  'd.png,2e0,z',
);
const list = text(
  JSON.stringify({
    models: [
      { name: 'RN50', url: 'https://mirror.example/RN50.pt' },
      {
        name: 'own',
        url: 'https://mirror.example/own.pth',
        size: 12,
        sha256: 'ab'.repeat(32),
        licence: 'MIT',
      },
    ],
  }),
);
const config = text(
  JSON.stringify({
    format: 'revela-run',
    version: 2,
    config: { method: 'sdap', seed: 3, stages: [{ steps: 10, batch: 2, patch: 32 }], sizes: { width: 8 } },
  }),
);
const metrics = text(
  '{"step":1,"loss":0.5,"seconds":1.5}',
  '{"step":2,"loss":0.25,"seconds":2.5,"psnr":null}',
);
const record = text(
  '{"format":"revela-scores-1"}',
  '{"picture":"a.png","size":3,"changed":5,"measure":"niqe","identity":"x","score":3.5}',
);
const merges = text('#version: 0.2', 'a b</w>', 'c d', 'ab cd</w>');

const networks = Object.values(architecturesFor).flatMap((named) =>
  Object.values(named).map((architecture) => {
    const shapes = [...networkParameters(architecture.ofSize({}))].map(([key, { shape }]) => [key, shape]);
    return text(JSON.stringify(Object.fromEntries(shapes)));
  }),
);

/** Shapes as a weights file may have them: the name of each tensor and up to eight extents. */
function shapesIn(bytes: Uint8Array): Record<string, readonly number[]> {
  let value: unknown;
  try {
    value = JSON.parse(textOf(bytes));
  } catch {
    return {};
  }
  if (typeof value !== 'object' || value === null) return {};
  const isShape = (shape: unknown): shape is readonly number[] =>
    Array.isArray(shape) &&
    shape.length <= 8 &&
    shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0);
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, readonly number[]] => isShape(entry[1])),
  );
}

/** Changes a size wherever it stands in the shapes, or their text. */
function mutateShapes(bytes: Uint8Array, random: Random): Uint8Array {
  if (random.integer(4) === 0) return mutateText(bytes, random);
  const sizes = [...new Set(textOf(bytes).match(/(?<=[[,])\d+(?=[\],])/g) ?? [])];
  const size = sizes[random.integer(sizes.length)] ?? '3';
  const changed = String(
    [0, 1, 2, 3, 5, 7, 1000, Number(size) + 1, 2 * Number(size)][random.integer(9)] ?? 0,
  );
  return Buffer.from(textOf(bytes).replaceAll(new RegExp(`(?<=[[,])${size}(?=[\\],])`, 'g'), changed));
}

function written(bytes: Uint8Array, path: string): string {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
  return path;
}

drive([
  {
    name: 'LIBSVM model',
    seeds: () => [model],
    mutate: mutateText,
    read: (bytes) => parseSupportVectors(textOf(bytes), 'model', features),
  },
  {
    name: 'LIBSVM ranges',
    seeds: () => [ranges],
    mutate: mutateText,
    read: (bytes) => parseRanges(textOf(bytes), 'ranges'),
  },
  {
    name: 'table of opinions',
    seeds: () => [table],
    mutate: mutateText,
    read: async (bytes, file) => readOpinions(written(bytes, file)),
  },
  {
    name: 'list of models',
    seeds: () => [list],
    mutate: mutateText,
    read: async (bytes, file) => readModelList(written(bytes, file)),
  },
  {
    name: 'vocabulary of CLIP',
    seeds: () => [merges],
    incomplete: true,
    mutate: mutateText,
    read: async (bytes, file) => (await loadClipTokenizer(written(bytes, file))).encode('a photo'),
  },
  {
    name: 'record of scores',
    seeds: () => [record],
    mutate: mutateText,
    read: async (bytes, file) => (await openScoreRecord(written(bytes, `${file}.jsonl`))).close(),
  },
  {
    name: 'configuration of a run',
    seeds: () => [config],
    mutate: mutateText,
    read: async (bytes, file) => describeRun(dirname(written(bytes, join(`${file}-run`, 'config.json')))),
  },
  {
    name: 'metrics of a run',
    seeds: () => [metrics],
    mutate: mutateText,
    read: async (bytes, file) => {
      const folder = dirname(written(bytes, join(`${file}-run`, 'metrics.jsonl')));
      for await (const { step } of readMetrics(folder))
        if (!Number.isFinite(step)) throw new Error('no step');
    },
  },
  {
    name: 'shapes of a network',
    seeds: () => networks,
    mutate: mutateShapes,
    read: (bytes) => {
      const recognised = recogniseNetwork(shapesIn(bytes));
      if (recognised !== undefined) networkCost(recognised.description);
    },
  },
]);
