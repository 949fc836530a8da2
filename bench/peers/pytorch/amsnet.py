"""AMSNet's training in PyTorch: sub-images in the batch, one random mask, and a loss on what it hides."""

import torch
from torch.nn.functional import pixel_unshuffle

STRIDE = 5
HIDDEN_SHARE = 0.5


def sub_images(patches):
    """Pixel-shuffle down-sampling: [batch, channels, height, width] -> STRIDE^2 * batch images, stacked."""
    batch, channels, height, width = patches.shape
    phases = pixel_unshuffle(patches, STRIDE).view(batch, channels, STRIDE**2, height // STRIDE, width // STRIDE)
    return phases.permute(2, 0, 1, 3, 4).flatten(0, 1)


def loss_on_hidden(network, patches):
    """Half of the pixels, in all channels alike, are set to zero; the mean absolute difference is over those alone."""
    x = sub_images(patches)
    hidden = torch.rand(x.shape[0], 1, *x.shape[2:]) < HIDDEN_SHARE
    denoised = network(x.masked_fill(hidden, 0))
    elements = hidden.expand_as(x)
    return (denoised[elements] - x[elements]).abs().mean()
