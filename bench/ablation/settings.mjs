/** What every setting shares: batches, Adam at one rate that stays, an average of 0.999. */
const common = { batch: 4, learningRate: 1e-4, seed: 0, device: 'cpu', checkpointEvery: 300 };

/** An adversarial setting: the discriminators' gradients each have a tenth of the norm of LPIPS's, once they are set. */
const game = (discriminators, steps, more = {}) => ({
  ...{ stage: 'sfd', discriminators, adversarialShare: 0.1 },
  calibrateAt: Math.max(1, Math.min(1000, Math.floor(steps / 10))),
  ...more,
});

/** The pixel stage with the recipe of the adversarial one. */
const pixel = { stage: 'pixel', schedule: 'constant', clipGradients: 0 };

/**
 * The five settings, each by its name: the same generator, pictures and steps, one thing more from row to row; the discriminator of features stands in
 * place of that of pictures.
 *
 * @param files `patch`: the side of the large patches in pixels; `lpips`, `backbone`: what `trainUpscaler` takes under these names
 */
export function settingsOf({ steps, patch, from, pictures, lpips, backbone }) {
  const same = { ...common, steps, patch, from, pictures };
  return [
    { name: 'pixel', title: 'pixel loss', options: { ...same, ...pixel } },
    { name: 'lpips', title: '+ LPIPS', options: { ...same, ...pixel, lpips } },
    {
      name: 'image',
      title: '+ LPIPS, image discriminator',
      options: { ...same, lpips, ...game(['unet'], steps) },
    },
    {
      name: 'feature',
      title: '+ LPIPS, Feat-D',
      options: { ...same, lpips, ...game(['feature'], steps, { backbone }) },
    },
    {
      name: 'pairs',
      title: '+ LPIPS, Feat-D and pairs',
      options: { ...same, lpips, ...game(['feature', 'prompt'], steps, { backbone }) },
    },
  ];
}
