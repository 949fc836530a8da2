import { addModel, listModels, removeModel } from '../../api/index.js';
import type { Context } from '../context.js';
import { modelStore } from '../options/model-store.js';
import type { AddFlags, ModelsFlags } from './command.js';
import { checkText, modelsText } from './models-text.js';
import { printable, printableJson } from '../../printable.js';
import { present } from '../../present.js';

/** Does what `revela models list` promises; returns the exit code. */
export async function runListModels(flags: ModelsFlags, context: Context): Promise<number> {
  const store = await modelStore(flags, context);
  const models = await listModels(store);
  context.stdout.write(
    flags.json === true
      ? `${printableJson({ kind: 'models', folder: store.folder, models })}\n`
      : modelsText(store.folder, models),
  );
  return 0;
}

/** Does what `revela models add` promises; returns the exit code. */
export async function runAddModel(
  file: string,
  { name, copy, overwrite, ...flags }: AddFlags,
  context: Context,
): Promise<number> {
  const added = await addModel(file, {
    ...(await modelStore(flags, context)),
    ...present({ name, copy, overwrite }),
  });
  context.stdout.write(
    flags.json === true
      ? `${printableJson({ kind: 'added', ...added })}\n`
      : `${printable(`${added.name}: ${added.path}, ${checkText(added.verified)}`)}\n`,
  );
  return 0;
}

/** Does what `revela models remove` promises; returns the exit code. */
export async function runRemoveModels(
  names: readonly string[],
  flags: ModelsFlags,
  context: Context,
): Promise<number> {
  const store = await modelStore(flags, context);
  for (const wanted of new Set(names)) {
    const removed = await removeModel(wanted, store);
    const { name, kept } = removed;
    const rest = kept === undefined ? '' : `; the registered file stays: ${kept}`;
    context.stdout.write(
      flags.json === true
        ? `${printableJson({ kind: 'removed', ...removed })}\n`
        : `${printable(`${name}: removed${rest}`)}\n`,
    );
  }
  return 0;
}
