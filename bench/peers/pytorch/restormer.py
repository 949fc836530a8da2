"""Restormer in PyTorch, as AMSNet trains it: a U-shape of transformer blocks with attention between channels."""

from torch import cat, nn, ones, sqrt, zeros
from torch.nn.functional import gelu, normalize


class LayerNorm(nn.Module):
    """Over the channels of every pixel. Without a bias the mean is not taken away either."""

    def __init__(self, channels, kind):
        super().__init__()
        self.body = nn.Module()
        self.body.weight = nn.Parameter(ones(channels))
        if kind == "WithBias":
            self.body.bias = nn.Parameter(zeros(channels))
        self.biased = kind == "WithBias"

    def forward(self, x):
        pixels = x.flatten(2).transpose(1, 2)
        deviation = sqrt(pixels.var(-1, keepdim=True, unbiased=False) + 1e-5)
        if self.biased:
            centred = pixels - pixels.mean(-1, keepdim=True)
            normal = centred / deviation * self.body.weight + self.body.bias
        else:
            normal = pixels / deviation * self.body.weight
        return normal.transpose(1, 2).unflatten(2, x.shape[2:])


def depthwise(channels, bias):
    return nn.Conv2d(channels, channels, 3, padding=1, groups=channels, bias=bias)


class Attention(nn.Module):
    def __init__(self, channels, heads, bias):
        super().__init__()
        self.heads = heads
        self.temperature = nn.Parameter(ones(heads, 1, 1))
        self.qkv = nn.Conv2d(channels, 3 * channels, 1, bias=bias)
        self.qkv_dwconv = depthwise(3 * channels, bias)
        self.project_out = nn.Conv2d(channels, channels, 1, bias=bias)

    def forward(self, x):
        parts = self.qkv_dwconv(self.qkv(x)).chunk(3, 1)
        q, k, v = (part.unflatten(1, (self.heads, -1)).flatten(3) for part in parts)
        similarity = normalize(q, dim=-1) @ normalize(k, dim=-1).transpose(-2, -1)
        attended = (similarity * self.temperature).softmax(-1) @ v
        return self.project_out(attended.reshape(x.shape))


class FeedForward(nn.Module):
    def __init__(self, channels, factor, bias):
        super().__init__()
        hidden = int(channels * factor)
        self.project_in = nn.Conv2d(channels, 2 * hidden, 1, bias=bias)
        self.dwconv = depthwise(2 * hidden, bias)
        self.project_out = nn.Conv2d(hidden, channels, 1, bias=bias)

    def forward(self, x):
        gate, value = self.dwconv(self.project_in(x)).chunk(2, 1)
        return self.project_out(gelu(gate) * value)


class Block(nn.Module):
    def __init__(self, channels, heads, factor, bias, kind):
        super().__init__()
        self.norm1 = LayerNorm(channels, kind)
        self.attn = Attention(channels, heads, bias)
        self.norm2 = LayerNorm(channels, kind)
        self.ffn = FeedForward(channels, factor, bias)

    def forward(self, x):
        y = x + self.attn(self.norm1(x))
        return y + self.ffn(self.norm2(y))


class Resampling(nn.Module):
    """A 3x3 convolution from `channels` to `out` channels, then pixels to channels or back."""

    def __init__(self, channels, out, shuffle):
        super().__init__()
        self.body = nn.Sequential(nn.Conv2d(channels, out, 3, padding=1, bias=False), shuffle)

    def forward(self, x):
        return self.body(x)


def down(channels):
    return Resampling(channels, channels // 2, nn.PixelUnshuffle(2))


def up(channels):
    return Resampling(channels, channels * 2, nn.PixelShuffle(2))


class Embedding(nn.Module):
    def __init__(self, channels, dim):
        super().__init__()
        self.proj = nn.Conv2d(channels, dim, 3, padding=1, bias=False)

    def forward(self, x):
        return self.proj(x)


class Restormer(nn.Module):
    """[batch, inp_channels, height, width] -> the same; height and width divisible by 8."""

    def __init__(
        self,
        dim,
        num_blocks,
        num_refinement_blocks,
        heads,
        ffn_expansion_factor,
        bias,
        LayerNorm_type,
        inp_channels=3,
        out_channels=3,
    ):
        super().__init__()

        def blocks(channels, level, count=None):
            count = num_blocks[level] if count is None else count
            options = (channels, heads[level], ffn_expansion_factor, bias, LayerNorm_type)
            return nn.Sequential(*(Block(*options) for _ in range(count)))

        self.patch_embed = Embedding(inp_channels, dim)
        self.encoder_level1 = blocks(dim, 0)
        self.down1_2 = down(dim)
        self.encoder_level2 = blocks(2 * dim, 1)
        self.down2_3 = down(2 * dim)
        self.encoder_level3 = blocks(4 * dim, 2)
        self.down3_4 = down(4 * dim)
        self.latent = blocks(8 * dim, 3)
        self.up4_3 = up(8 * dim)
        self.reduce_chan_level3 = nn.Conv2d(8 * dim, 4 * dim, 1, bias=bias)
        self.decoder_level3 = blocks(4 * dim, 2)
        self.up3_2 = up(4 * dim)
        self.reduce_chan_level2 = nn.Conv2d(4 * dim, 2 * dim, 1, bias=bias)
        self.decoder_level2 = blocks(2 * dim, 1)
        self.up2_1 = up(2 * dim)
        self.decoder_level1 = blocks(2 * dim, 0)
        self.refinement = blocks(2 * dim, 0, num_refinement_blocks)
        self.output = nn.Conv2d(2 * dim, out_channels, 3, padding=1, bias=bias)

    def forward(self, image):
        level1 = self.encoder_level1(self.patch_embed(image))
        level2 = self.encoder_level2(self.down1_2(level1))
        level3 = self.encoder_level3(self.down2_3(level2))
        x = self.up4_3(self.latent(self.down3_4(level3)))
        x = self.decoder_level3(self.reduce_chan_level3(cat([x, level3], 1)))
        x = self.decoder_level2(self.reduce_chan_level2(cat([self.up3_2(x), level2], 1)))
        x = self.decoder_level1(cat([self.up2_1(x), level1], 1))
        return self.output(self.refinement(x)) + image
