import { bindInputs } from '#src/compile/index.js';
import { plainInference, sdap } from '#src/denoise/index.js';
import { architectureOf } from '#src/networks/index.js';
import { applyNetwork, declareParameters, initialiseParameters, parameterSpecs } from '#src/nn/index.js';
import { trace } from '#src/tensor/index.js';
import { secondsOf } from '../answer.mjs';
import { noise } from './noise.mjs';

/** One picture through the network: once (`single`), or as SDAP denoises it (`sdap`: sub-sampled by 2, then enhanced). */
export async function inference(runtime, { architecture, config, size, pass }) {
  const { network, inputChannels } = architectureOf(architecture).ofConfig(config);
  const shape = [1, inputChannels, size, size];
  const declared = declareParameters(network, shape);
  const program = trace(({ input, inputs }) => {
    const parameters = inputs('parameter', parameterSpecs(declared));
    const picture = input('picture', shape);
    const apply = (x) => applyNetwork(network, parameters, x);
    const restored =
      pass === 'single'
        ? apply(picture)
        : sdap.inference.denoise(apply, picture, { ...plainInference, enhance: true }, {});
    return { restored };
  });
  const weights = Object.entries(initialiseParameters(declared, 0));
  const bound = bindInputs(
    program,
    Object.fromEntries(weights.map(([key, value]) => [`parameter/${key}`, value])),
  );
  const executable = await runtime.load(bound, { optimization: 'inference' });
  const picture = { data: noise(inputChannels * size * size), shape, dtype: 'float32' };
  return () => secondsOf(() => executable.run({ picture }));
}
