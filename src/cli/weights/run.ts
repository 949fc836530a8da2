import { convertWeights, withStateDict } from '../../api/index.js';
import type { Context } from '../context.js';
import { wrappingText } from '../info/info-text.js';
import { namedWeights } from '../options/model-store.js';
import { printable, printableJson } from '../../printable.js';
import type { ConvertFlags } from './command.js';
import { counted } from '../terminal/wording.js';

/** Does what `revela weights convert` promises; returns the exit code. */
export async function runConvertWeights(
  input: string,
  output: string,
  { overwrite = false, fold = false, json, key }: ConvertFlags,
  context: Context,
): Promise<number> {
  const { stdout, stderr } = context;
  const conversion = await convertWeights(
    await withStateDict(await namedWeights(input, context), key),
    output,
    { overwrite, fold },
  );
  if (json === true) {
    stdout.write(`${printableJson({ kind: 'converted', input, output, ...conversion })}\n`);
    return 0;
  }
  const { tensors, wrapper, prefix, others, leftOut } = conversion;
  const wrapping = wrappingText(wrapper, prefix);
  const note = wrapping === '' ? '' : ` (${wrapping})`;
  stdout.write(`${printable(`${output}: ${counted(tensors, 'tensor')}${note}`)}\n`);
  if (others.length > 0 && key === undefined)
    stderr.write(`${printable(`Not taken (--key does): ${others.join(', ')}`)}\n`);
  if (leftOut.length > 0)
    stderr.write(`${printable(`A .pth has no place for metadata, left out: ${leftOut.join(', ')}`)}\n`);
  return 0;
}
