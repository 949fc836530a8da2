"""SFD's two discriminators in PyTorch, as their published relatives are written."""

import torch
from torch import nn
from torch.nn.functional import normalize
from torch.nn.utils import spectral_norm

SLOPE = 0.2


def head(channels, hidden):
    return nn.Sequential(
        spectral_norm(nn.Conv2d(channels, hidden, 1)),
        nn.LeakyReLU(SLOPE, inplace=True),
        spectral_norm(nn.Conv2d(hidden, hidden, 1)),
        nn.LeakyReLU(SLOPE, inplace=True),
        nn.Conv2d(hidden, 1, 1),
    )


class FeatureJudge(nn.ModuleList):
    """What CLIP sees -> logits of every position, for each of some stages."""

    def __init__(self, vision_width, layers, hidden):
        super().__init__(head(2 * vision_width * 2 ** int(layer[-1]), hidden) for layer in layers)
        self.layers = layers

    def forward(self, seen):
        return [judge(seen[layer]) for judge, layer in zip(self, self.layers)]


class PromptJudge(nn.Module):
    """Prompt pairs that are learnt in place of words; the texts' features and the pictures' embeddings -> logits."""

    def __init__(self, width, pairs, tokens, scale):
        super().__init__()
        self.context = nn.Parameter(torch.randn(2 * pairs, tokens, width) * 0.02)
        self.register_buffer("marks", torch.randn(2, width) * 0.03)
        self.scale = scale

    def vectors(self):
        start, end = (mark.expand(self.context.shape[0], 1, -1) for mark in self.marks)
        return torch.cat([start, self.context, end], 1)

    def forward(self, embedding, texts):
        good, bad = normalize(texts, dim=-1).unflatten(0, (-1, 2)).unbind(1)
        return self.scale * normalize(embedding, dim=-1) @ (good - bad).T
