import { createAdversarialTrainer, initialState, pairData } from '#src/training/index.js';
import { sfdObjective } from '#src/upscale/index.js';
import { secondsOf } from '../answer.mjs';
import { noise } from './noise.mjs';
import { learningRate, madeGame, optimiser } from './sfd-game.mjs';

/** One step of SFD's adversarial training as the loop does it: the pair of the next step is made while this one runs. */
export async function sfdStep(runtime, workload) {
  const { patch } = workload;
  const { generator, game } = madeGame(workload);
  const pairs = {
    at: async () => ({
      high: noise(3 * patch ** 2),
      low: noise(3 * (patch / game.scale) ** 2),
    }),
  };
  const objective = sfdObjective(game);
  const data = pairData(pairs, game.size, game.scale);
  const state = initialState(optimiser, generator);
  const trainer = await createAdversarialTrainer(runtime, objective, optimiser, state);
  let step = 0;
  let next = data.at(0);
  return () =>
    secondsOf(async () => {
      const feeds = await next;
      step += 1;
      const running = trainer.step(feeds, { learningRate, step, decay: 0.999 });
      next = data.at(step);
      const { loss } = await running;
      if (!Number.isFinite(loss)) throw new Error(`the loss is ${loss}`);
    });
}
