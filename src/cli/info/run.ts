import { readdir, stat } from 'node:fs/promises';
import { extname } from 'node:path';
import {
  describePicture,
  formatOfPath,
  describedRun,
  describeWeights,
  withStateDict,
  foreignWeights,
  isWeightsFile,
  partsIn,
  readOnnxOutline,
} from '../../api/index.js';
import { fileError } from '../../file-errors.js';
import { printableJson } from '../../printable.js';
import type { Context } from '../context.js';
import type { ReportFlags } from './command.js';
import { namedWeights } from '../options/model-store.js';
import { type Fact, factsText } from '../terminal/facts-text.js';
import { modelFacts, pictureFacts, runFacts, weightsFacts } from './info-text.js';

interface Report {
  readonly kind: 'picture' | 'weights' | 'run' | 'model';
  readonly facts: readonly Fact[];
  readonly description: object;
}

/** Does what `revela info` promises; returns the exit code. */
export async function runInfo(named: string, { json, key }: ReportFlags, context: Context): Promise<number> {
  const path = await namedWeights(named, context);
  const { kind, facts, description } = await reportOn(path, key);
  context.stdout.write(
    json === true ? `${printableJson({ kind, file: path, ...description })}\n` : factsText(path, facts),
  );
  return 0;
}

async function reportOn(path: string, key: string | undefined): Promise<Report> {
  const file = await stat(path).catch((error: unknown) => {
    throw fileError(`cannot read ${path}`, error);
  });
  if (file.isDirectory() && partsIn(await namesIn(path)) === undefined) {
    const run = await describedRun(path);
    const { settings: _, ...description } = run;
    return { kind: 'run', facts: runFacts(run), description };
  }
  if (file.isFile() && extname(path).toLowerCase() === '.onnx') {
    const description = await readOnnxOutline(path);
    return { kind: 'model', facts: modelFacts(description), description };
  }
  if (file.isDirectory() || (file.isFile() && (await isWeights(path)))) {
    const description = await describeWeights(await withStateDict(path, key));
    return { kind: 'weights', facts: weightsFacts(description), description };
  }
  const foreign = file.isFile() && formatOfPath(path) === undefined ? await foreignWeights(path) : undefined;
  const description = await describePicture(path).catch((error: unknown) => {
    throw foreign ?? error;
  });
  return { kind: 'picture', facts: pictureFacts(description), description };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: unknown) => {
    throw fileError(`cannot read ${folder}`, error);
  });
}

/** Weights by their first bytes, or by their name, so that a damaged file is told to be one of weights. */
async function isWeights(path: string): Promise<boolean> {
  if (['.safetensors', '.pth', '.pt', '.ckpt'].includes(extname(path).toLowerCase())) return true;
  return isWeightsFile(path);
}
