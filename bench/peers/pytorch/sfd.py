"""A step of SFD's adversarial training in PyTorch, in the order that the training programs of its relatives have.

First the generator, while the judges are held; then the judges, on the generator's picture without its graph. What CLIP saw
of both pictures, and what its text encoder made of the prompts, is kept from the first half for the second, which would
otherwise have to do it again: the published programs do so, and would be slower than this one.
"""

import torch
from torch.nn.functional import binary_cross_entropy_with_logits, l1_loss

from clip import ImageEncoder, TextEncoder
from judges import FeatureJudge, PromptJudge
from networks import build
from vgg19 import Vgg19, perceptual_loss

AVERAGE_DECAY = 0.999


def frozen(module):
    return module.eval().requires_grad_(False)


def is_real(logits, answer):
    """The vanilla loss: mean over heads of the cross entropy of saying `answer` everywhere."""
    losses = [binary_cross_entropy_with_logits(x, torch.full_like(x, answer)) for x in logits]
    return sum(losses) / len(losses)


def adam(module):
    return torch.optim.Adam(module.parameters(), lr=1e-4, betas=(0.9, 0.99))


class Game:
    """Everybody who takes part, with their optimisers."""

    def __init__(self, architecture, config, clip, feature, prompt, weights):
        self.generator = build(architecture, config)
        self.average = frozen(build(architecture, config))
        self.vgg = frozen(Vgg19())
        self.image = frozen(ImageEncoder(**clip))
        self.text = frozen(TextEncoder(**clip))
        self.feature = FeatureJudge(clip["vision_width"], **feature)
        self.prompt = PromptJudge(clip["transformer_width"], **prompt)
        self.weights = weights
        self.optimisers = [adam(player) for player in (self.generator, self.feature, self.prompt)]

    def step(self, low, high):
        of_generator, *of_judges = self.optimisers
        judges = (self.feature, self.prompt)
        texts = self.text(self.prompt.vectors())
        with torch.no_grad():
            real = self.image(high)

        # The generator's turn. The judges are as their last update left them, the vectors of spectral norms too.
        for judge in judges:
            judge.requires_grad_(False).eval()
        of_generator.zero_grad(set_to_none=True)
        made = self.generator(low)
        fake = self.image(made)
        losses = {
            "pixel": l1_loss(made, high),
            "perceptual": perceptual_loss(self.vgg, made, high),
            "feature": is_real(self.feature(fake), 1),
            "prompt": is_real([self.prompt(fake["embedding"], texts.detach())], 1),
        }
        sum(self.weights[name] * loss for name, loss in losses.items()).backward()
        of_generator.step()

        # The judges' turn.
        for judge in judges:
            judge.requires_grad_(True).train()
        seen = {name: features.detach() for name, features in fake.items()}
        for optimiser in of_judges:
            optimiser.zero_grad(set_to_none=True)
        by_feature = is_real(self.feature(real), 1) + is_real(self.feature(seen), 0)
        by_prompt = is_real([self.prompt(real["embedding"], texts)], 1)
        by_prompt = by_prompt + is_real([self.prompt(seen["embedding"], texts)], 0)
        (by_feature + by_prompt).backward()
        for optimiser in of_judges:
            optimiser.step()

        with torch.no_grad():
            for own, average in zip(self.generator.parameters(), self.average.parameters()):
                average.mul_(AVERAGE_DECAY).add_(own, alpha=1 - AVERAGE_DECAY)
        losses.update(featureLoss=by_feature, promptLoss=by_prompt)
        return {name: loss.item() for name, loss in losses.items()}


def clip_passes(clip, sights, patch):
    """CLIP's image encoder alone, as a step uses it: both pictures seen, and a gradient to the pixels of the made one."""
    image = frozen(ImageEncoder(**clip))
    made, real = torch.rand(1, 3, patch, patch, requires_grad=True), torch.rand(1, 3, patch, patch)
    with torch.no_grad():
        upstream = [torch.rand_like(image(real)[sight]) - 0.5 for sight in sights]

    def run():
        with torch.no_grad():
            image(real)
        fake = image(made)
        torch.autograd.grad([fake[sight] for sight in sights], made, upstream)

    return run
