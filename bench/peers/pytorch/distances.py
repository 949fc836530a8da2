"""LPIPS 0.1 and DISTS in PyTorch, as their published programs compute them."""

import torch
from torch import nn
from torch.nn.functional import conv2d

from backbones import BACKBONES


def channels(values, like):
    return torch.tensor(values, dtype=like.dtype).view(1, 3, 1, 1)


def features_of(layers, places, x):
    found = []
    for place, layer in enumerate(layers):
        x = layer(x)
        if place in places:
            found.append(x)
    return found


class Lpips(nn.Module):
    """Pictures in [0, 1] -> the distances at every layer, [batch, layers]; LPIPS is their sum."""

    def __init__(self, name):
        super().__init__()
        make, self.places, widths = BACKBONES[name]
        self.features = make()
        self.heads = nn.ModuleList(nn.Conv2d(width, 1, 1, bias=False) for width in widths)

    def forward(self, x, y):
        # Published for [-1, 1]: less (-0.030, -0.088, -0.188), by (0.458, 0.448, 0.450).
        shift, scale = channels((-0.030, -0.088, -0.188), x), channels((0.458, 0.448, 0.450), x)
        a, b = (features_of(self.features, self.places, (2 * z - 1 - shift) / scale) for z in (x, y))
        unit = lambda f: f / ((f**2).sum(1, keepdim=True).sqrt() + 1e-10)
        terms = [head((unit(f) - unit(g)) ** 2).mean((1, 2, 3)) for head, f, g in zip(self.heads, a, b)]
        return torch.stack(terms, 1)


class L2Pool(nn.Module):
    def forward(self, x):
        row = torch.tensor((0.25, 0.5, 0.25), dtype=x.dtype)
        kernel = torch.outer(row, row).expand(x.shape[1], 1, 3, 3)
        return (conv2d(x**2, kernel, stride=2, padding=1, groups=x.shape[1]) + 1e-12).sqrt()


class Dists(nn.Module):
    """Pictures in [0, 1] -> [batch]."""

    def __init__(self):
        super().__init__()
        make, self.places, widths = BACKBONES["vgg"]
        self.features = nn.Sequential(*(L2Pool() if isinstance(l, nn.MaxPool2d) else l for l in make()))
        self.alpha = nn.Parameter(torch.zeros(1, 3 + sum(widths), 1, 1))
        self.beta = nn.Parameter(torch.zeros(1, 3 + sum(widths), 1, 1))

    def forward(self, x, y):
        mean, deviation = channels((0.485, 0.456, 0.406), x), channels((0.229, 0.224, 0.225), x)
        seen = lambda z: [z, *features_of(self.features, self.places, (z - mean) / deviation)]
        luminance, structure = [], []
        for f, g in zip(seen(x), seen(y)):
            m, n = f.mean((2, 3), True), g.mean((2, 3), True)
            v, w = ((f - m) ** 2).mean((2, 3), True), ((g - n) ** 2).mean((2, 3), True)
            shared = (f * g).mean((2, 3), True) - m * n
            luminance.append((2 * m * n + 1e-6) / (m**2 + n**2 + 1e-6))
            structure.append((2 * shared + 1e-6) / (v + w + 1e-6))
        alike = self.alpha * torch.cat(luminance, 1) + self.beta * torch.cat(structure, 1)
        return 1 - alike.sum((1, 2, 3)) / (self.alpha.sum() + self.beta.sum())
