import { architectures, denoisingMethods } from '../../api/choices.js';
import { learningOptions } from '../../api/options.js';
import { type Retold, retold } from '../../options/index.js';

const listed = (table: Readonly<Record<string, unknown>>): string => Object.keys(table).join(', ');

/** The words of `method`, with those that can be named, of plug-ins too. */
export const methodsNamed = (table: Readonly<Record<string, unknown>> = denoisingMethods) => ({
  method: { words: `${listed(table)}; see revela methods` },
});

/** The words of `network`, likewise. */
export const networksNamed = (table: Readonly<Record<string, unknown>> = architectures) => ({
  network: { words: listed(table) },
});

/** The options of learning a denoiser, with what a command takes where they are left out; methods and networks are listed. */
export function denoiserLearning(
  usual: Readonly<
    Record<'minutes' | 'steps' | 'patch' | 'batch' | 'learningRate' | 'method' | 'network', string>
  >,
  methods: Readonly<Record<string, unknown>> = denoisingMethods,
): typeof learningOptions {
  const { method, network, ...others } = usual;
  const words: Retold<typeof learningOptions> = {
    ...Object.fromEntries(Object.entries(others).map(([name, text]) => [name, { usual: text }])),
    method: { ...methodsNamed(methods).method, usual: method },
    network: { ...networksNamed().network, usual: network },
  };
  return retold(learningOptions, words);
}
