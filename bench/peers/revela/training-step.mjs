import { denoisingMethods } from '#src/denoise/index.js';
import { architectures } from '#src/networks/index.js';
import { adam, adamW, declareParameters, initialiseParameters } from '#src/nn/index.js';
import { createTrainer, initialState } from '#src/training/index.js';
import { denoisingData, denoisingObjective } from '#src/denoise/index.js';
import { secondsOf } from '../answer.mjs';
import { noise } from './noise.mjs';

const optimisers = { adam, adamw: adamW };

/** One step of training as the loop does it: the draws of the next step are made while this one runs. */
export async function trainingStep(runtime, { method: name, architecture, config, patch }) {
  const { network, inputChannels } = architectures[architecture].ofConfig(config);
  const method = denoisingMethods[name];
  const size = { batch: 1, patch };
  const patches = { at: async () => ({ patches: noise(3 * patch * patch) }) };
  const objective = denoisingObjective(method, network, size);
  const data = denoisingData(method, patches, size, 0);
  const declared = declareParameters(network, [1, inputChannels, patch, patch]);
  const { optimiser: kind, betas, weightDecay } = method.presets.paper;
  const optimiser = optimisers[kind]({ betas, weightDecay });
  const state = initialState(optimiser, initialiseParameters(declared, 0));
  const trainer = await createTrainer(runtime, objective, optimiser, state);
  let step = 0;
  let next = data.at(0);
  return () =>
    secondsOf(async () => {
      const feeds = await next;
      step += 1;
      const running = trainer.step(feeds, { learningRate: 1e-4, step, decay: 0.999 });
      next = data.at(step);
      const { loss } = await running;
      if (!Number.isFinite(loss)) throw new Error(`the loss is ${loss}`);
    });
}
