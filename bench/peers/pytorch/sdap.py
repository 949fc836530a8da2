"""SDAP in PyTorch: random sub-samples, the cyclic sample difference loss, and inference with the enhancement pass."""

import torch

STRIDE = 5


def random_sub_samples(patches):
    """[batch, channels, height, width] -> STRIDE^2 images of one pixel from every cell, a new permutation each."""
    batch, channels, height, width = patches.shape
    rows, columns = height // STRIDE, width // STRIDE
    cells = patches.view(batch, channels, rows, STRIDE, columns, STRIDE).permute(0, 1, 2, 4, 3, 5)
    cells = cells.reshape(batch, channels, rows, columns, STRIDE**2)
    permutation = torch.rand(batch, 1, rows, columns, STRIDE**2).argsort(-1)
    return cells.gather(-1, permutation.expand_as(cells)).permute(4, 0, 1, 2, 3).contiguous()


def loss_by_loop(network, samples):
    """One pass of the network for every sub-sample, as the published training program does it."""
    denoised = [network(sample) for sample in samples]
    targets = [*samples[1:], samples[0]]
    return sum((image - target).abs().mean() for image, target in zip(denoised, targets))


def loss_stacked(network, samples):
    """All sub-samples in one batch."""
    count, batch = samples.shape[:2]
    denoised = network(samples.flatten(0, 1))
    return count * (denoised - torch.roll(samples, -1, 0).flatten(0, 1)).abs().mean()


def denoise(network, noisy):
    """Sub-sampling by 2 with the four images in the batch, then the same network once more at full resolution."""
    _, channels, height, width = noisy.shape
    cells = noisy.view(1, channels, height // 2, 2, width // 2, 2)
    denoised = network(cells.permute(3, 5, 0, 1, 2, 4).reshape(4, channels, height // 2, width // 2))
    cells = denoised.view(2, 2, 1, channels, height // 2, width // 2)
    return network(cells.permute(2, 3, 4, 0, 5, 1).reshape(1, channels, height, width))
