"""SPAN in PyTorch, with the parameter names of its published program: each 3x3 convolution as the branches that are learnt, which are
run one after another, or, in the form "plain", as the convolution that they are together."""

import torch
from torch import nn
from torch.nn.functional import pad

GAIN = 2


class Branches(nn.Module):
    def __init__(self, channels, out):
        super().__init__()
        self.sk = nn.Conv2d(channels, out, 1)
        self.conv = nn.Sequential(
            nn.Conv2d(channels, channels * GAIN, 1),
            nn.Conv2d(channels * GAIN, out * GAIN, 3),
            nn.Conv2d(out * GAIN, out, 1),
        )

    def forward(self, x):
        return self.conv(pad(x, (1, 1, 1, 1))) + self.sk(x)

    def folded(self):
        """The 3x3 convolution that the branches are together: what they make of single pixels, one channel after another."""
        channels, out = self.sk.in_channels, self.sk.out_channels
        weight = self.sk.weight
        nothing = torch.zeros(1, channels, 5, 5, dtype=weight.dtype)
        bias = self.conv(nothing)[0, :, 1, 1] + self.sk.bias
        kernel = torch.empty(out, channels, 3, 3, dtype=weight.dtype)
        for channel in range(channels):
            pixel = nothing.clone()
            pixel[0, channel, 2, 2] = 1
            kernel[:, channel] = (self.conv(pixel) - self.conv(nothing))[0].flip(1, 2)
        kernel[:, :, 1, 1] += weight[:, :, 0, 0]
        return kernel, bias


class Plain(nn.Module):
    def __init__(self, channels, out):
        super().__init__()
        self.eval_conv = nn.Conv2d(channels, out, 3, padding=1)

    def forward(self, x):
        return self.eval_conv(x)


class Block(nn.Module):
    def __init__(self, layer, channels):
        super().__init__()
        self.c1_r, self.c2_r, self.c3_r = (layer(channels, channels) for _ in range(3))
        self.act1 = nn.SiLU(inplace=True)

    def forward(self, x):
        # Activated in place: what the caller gets of the first convolution is what it is after the activation.
        first = self.c1_r(x)
        third = self.c3_r(self.act1(self.c2_r(self.act1(first))))
        return (third + x) * (torch.sigmoid(third) - 0.5), first


class Span(nn.Module):
    def __init__(
        self,
        num_in_ch=3,
        num_out_ch=3,
        feature_channels=48,
        upscale=4,
        img_range=255.0,
        rgb_mean=(0.4488, 0.4371, 0.4040),
        norm=True,
        form="branches",
    ):
        super().__init__()
        layer = {"branches": Branches, "plain": Plain}[form]
        self.range, self.mean, self.norm = img_range, rgb_mean, norm
        self.conv_1 = layer(num_in_ch, feature_channels)
        for index in range(1, 7):
            self.add_module(f"block_{index}", Block(layer, feature_channels))
        self.conv_cat = nn.Conv2d(feature_channels * 4, feature_channels, 1)
        self.conv_2 = layer(feature_channels, feature_channels)
        self.upsampler = nn.Sequential(
            nn.Conv2d(feature_channels, num_out_ch * upscale**2, 3, padding=1), nn.PixelShuffle(upscale)
        )

    def forward(self, x):
        if self.norm:
            x = (x - torch.tensor(self.mean, dtype=x.dtype).view(1, -1, 1, 1)) * self.range
        features = y = self.conv_1(x)
        for index in range(1, 7):
            y, inner = self.get_submodule(f"block_{index}")(y)
            if index == 1:
                first = y
        joined = torch.cat([features, self.conv_2(y), first, inner], 1)
        return self.upsampler(self.conv_cat(joined))
