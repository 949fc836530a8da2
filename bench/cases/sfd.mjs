import { compare } from '../compare.mjs';
import { clipRn50, networks, trainingFlops } from '../networks.mjs';
import { pytorch, revela } from './contestants.mjs';

const PATCH = 128;

/** SFD's judges with the default sizes, and the weights of the losses for pictures made small by resampling alone. */
const game = {
  feature: { layers: ['layer2', 'layer3'], hidden: 256 },
  prompt: { pairs: 1, tokens: 16, scale: 100 },
  weights: { pixel: 1, perceptual: 1, feature: 0.01, prompt: 0.005 },
};

/** What the judges see of a picture. */
const sights = [...game.feature.layers, 'embedding'];

/** Floating-point operations of what a frozen network makes of one picture. */
async function frozenFlops(network, parameters) {
  const { multiplyAdds } = await import('#src/networks/index.js');
  const { scopeOf } = await import('#src/nn/index.js');
  const { trace } = await import('#src/tensor/index.js');
  const specs = Object.fromEntries([...parameters].map(([key, { shape }]) => [key, { shape }]));
  const program = trace(({ input, inputs }) => ({
    ...network(scopeOf(inputs('parameter', specs)), input('picture', [1, 3, PATCH, PATCH])),
  }));
  return 2 * multiplyAdds(Object.values(program.outputs));
}

/** CLIP's image encoder: the made and the real picture are looked at, and the made one's gradient goes to its pixels. */
async function clipFlops() {
  const { clipImage, clipImageParameters } = await import('#src/networks/index.js');
  return 3 * (await frozenFlops(clipImage(clipRn50), clipImageParameters(clipRn50)));
}

/** The same of VGG19. */
async function vggFlops() {
  const { vgg19, vgg19Parameters } = await import('#src/networks/index.js');
  return 3 * (await frozenFlops(vgg19, vgg19Parameters()));
}

/** What CLIP's image encoder, measured alone, is of a whole step; its batch normalisation is folded on both sides. */
function shareLine(steps, passes) {
  const shares = passes.map(({ name, seconds }, index) => {
    const share = seconds.median / steps[index].seconds.median;
    return `${(100 * share).toFixed(0)} % of ${name}'s`;
  });
  return `CLIP's share of the step, median ÷ median, without the judges and the text encoder: ${shares.join(', ')}`;
}

/**
 * One adversarial step of SFD on one patch: the generator's turn and the judges', with all three updates and the generator's
 * moving average. Then, in a table of its own, what CLIP's image encoder takes of it.
 */
export async function sfdSteps({ device, quick, torch, takes, note }) {
  const { title, architecture, config } = networks.rrdbnet;
  if (!takes(networks.rrdbnet)) return [];
  const measure = (workload, rounds) =>
    compare([revela(device, workload), ...(torch ? [pytorch('PyTorch', workload)] : [])], {
      rounds,
      warmUps: 1,
      note,
    });
  const step = { kind: 'sfd', architecture, config, clip: clipRn50, ...game, patch: PATCH };
  const steps = await measure(step, quick ? 3 : 9);
  const passes = await measure({ kind: 'clip', clip: clipRn50, sights, patch: PATCH }, quick ? 5 : 15);
  const clip = await clipFlops();
  const whole = (await trainingFlops(networks.rrdbnet, PATCH / config.sf)) + (await vggFlops()) + clip;
  return [
    {
      title: `training step, SFD, ${title} with CLIP RN50 and VGG19, one ${PATCH}² patch`,
      targets: [{ of: 'time', atMost: 1, against: 'PyTorch' }],
      rows: steps.map((result) => ({ ...result, flops: whole })),
    },
    {
      title: "CLIP's image encoder alone in that step: two pictures seen, one gradient to the pixels",
      remark: shareLine(steps, passes),
      rows: passes.map((result) => ({ ...result, flops: clip })),
    },
  ];
}
