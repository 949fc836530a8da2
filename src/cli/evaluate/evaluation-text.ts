import { type Closeness, type MeanScore, parameterCount, type SizedPicture } from '../../api/index.js';
import type { EvaluationKind, NamedEvaluation } from './evaluation-kind.js';
import { printable } from '../../printable.js';
import { sizeText } from '../terminal/wording.js';

/** Some columns of the table under a common title: the cells of each row, the first row their names. */
interface Block {
  readonly title: string;
  readonly rows: readonly (readonly string[])[];
}

/**
 * A table of the pictures, without the network and as each of the evaluated weights made them, with the means below, and
 * of which weights these are.
 */
export function evaluationText<Item extends SizedPicture>(
  evaluations: readonly NamedEvaluation<Item>[],
  { definitions, doing, before, explanation }: EvaluationKind<Item>,
): string {
  const explanations = [
    ...(explanation === undefined ? [] : [explanation]),
    `${definitions}.`,
    `Seconds: ${doing} alone; the first picture of a size also prepares the network for it. Memory: the whole process so far.`,
  ];
  return [...evaluations.map(titleOf), '', ...tableOf(evaluations, before), '', ...explanations, ''].join(
    '\n',
  );
}

function titleOf<Item extends SizedPicture>({
  label,
  evaluation: { weights, device, peakMemory },
}: NamedEvaluation<Item>): string {
  const { description, method } = weights;
  const facts = [
    ...(method === undefined ? [] : [method]),
    description.architecture,
    `${parameterCount(weights).toLocaleString('en')} parameters`,
    device,
    `peak memory ${sizeText(peakMemory)}`,
  ];
  return printable(`${label}: ${facts.join(', ')}`);
}

function tableOf<Item extends SizedPicture>(
  evaluations: readonly NamedEvaluation<Item>[],
  before: string,
): readonly string[] {
  const [first] = evaluations;
  const { pictures = [], mean } = first?.evaluation ?? {};
  const names = pictures.map(({ name, width, height }) => [printable(name), `${width}×${height}`]);
  const blocks: Block[] = [
    { title: '', rows: [['picture', 'pixels'], ...names, ['mean', '']] },
    {
      title: before,
      rows: [['PSNR', 'SSIM'], ...[...pictures, mean].map((score) => closenessCells(score?.before))],
    },
    ...evaluations.map((named) => resultBlock(named, pictures.length)),
  ];
  const lines = blocks.map(blockLines);
  const joined = (lines[0] ?? []).map((_, row) => lines.map((block) => block[row]).join('    '));
  const rule = '─'.repeat(joined[0]?.length ?? 0);
  return [...joined.slice(0, 2), rule, ...joined.slice(2, -1), rule, ...joined.slice(-1)].map((line) =>
    line.trimEnd(),
  );
}

/** Later weights may have been stopped before pictures that the first ones have. */
function resultBlock<Item extends SizedPicture>(
  { label, evaluation: { pictures, mean } }: NamedEvaluation<Item>,
  count: number,
): Block {
  const scores = [...Array.from({ length: count }, (_, i) => pictures[i]), mean];
  return {
    title: printable(label),
    rows: [['PSNR', 'SSIM', 'seconds', 'Mpixel/s'], ...scores.map(resultCells)],
  };
}

function resultCells(score: MeanScore | undefined): readonly string[] {
  const times =
    score === undefined ? ['–', '–'] : [score.seconds.toFixed(2), (score.pixelsPerSecond / 1e6).toFixed(3)];
  return [...closenessCells(score?.after), ...times];
}

function closenessCells(closeness: Closeness | undefined): readonly string[] {
  if (closeness === undefined) return ['–', '–'];
  const { psnr, ssim } = closeness;
  return [Number.isFinite(psnr) ? psnr.toFixed(2) : '∞', ssim.toFixed(4)];
}

/** The lines of a block, all of one width: first columns to the left where they are names, numbers to the right. */
function blockLines({ title, rows }: Block): readonly string[] {
  const [head = []] = rows;
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, i) =>
        title === '' && i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0),
      )
      .join('  '),
  );
  const width = Math.max(title.length, lines[0]?.length ?? 0);
  return [title.padStart(width), ...lines.map((line) => line.padStart(width))];
}
