import { architectures, denoisingMethods } from '../../api/choices.js';
import { learningOptions } from '../../api/options.js';
import { type Retold, retold } from '../../options/index.js';

/** The options of learning a denoiser, with what a command takes where they are left out; methods and networks are listed. */
export function denoiserLearning(
  usual: Readonly<
    Record<'minutes' | 'steps' | 'patch' | 'batch' | 'learningRate' | 'method' | 'network', string>
  >,
  methods: Readonly<Record<string, unknown>> = denoisingMethods,
): typeof learningOptions {
  const names = (table: Readonly<Record<string, unknown>>): string => Object.keys(table).join(', ');
  const { method, network, ...others } = usual;
  const words: Retold<typeof learningOptions> = {
    ...Object.fromEntries(Object.entries(others).map(([name, text]) => [name, { usual: text }])),
    method: { words: `${names(methods)}; see revela methods`, usual: method },
    network: { words: names(architectures), usual: network },
  };
  return retold(learningOptions, words);
}
