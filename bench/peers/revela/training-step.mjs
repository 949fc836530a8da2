import { sdap } from '#src/denoise/index.js';
import { dbsnl } from '#src/networks/index.js';
import { adam, declareParameters, initialiseParameters } from '#src/nn/index.js';
import { createTrainer, denoisingObjective, initialState } from '#src/training/index.js';
import { secondsOf } from '../answer.mjs';
import { noise } from './noise.mjs';

/** One step of training as the loop does it: the draws of the next step are made while this one runs. */
export async function trainingStep(runtime, { network: config, patch }) {
  const network = dbsnl(config);
  const size = { batch: 1, patch };
  let fed = 0;
  const patches = { next: async () => ({ step: fed++, patches: noise(3 * patch * patch) }) };
  const objective = denoisingObjective(sdap, network, patches, size, 0);
  const parameters = initialiseParameters(declareParameters(network, [1, config.in_ch, patch, patch]), 0);
  const optimiser = adam();
  const trainer = await createTrainer(runtime, objective, optimiser, initialState(optimiser, parameters));
  let step = 0;
  let next = objective.feeds(0);
  return () =>
    secondsOf(async () => {
      const feeds = await next;
      step += 1;
      const running = trainer.step(feeds, { learningRate: 1e-4, step, decay: 0.999 });
      next = objective.feeds(step);
      const { loss } = await running;
      if (!Number.isFinite(loss)) throw new Error(`the loss is ${loss}`);
    });
}
