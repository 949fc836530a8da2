"""NAFNet's baseline in PyTorch, as AMSNet trains it."""

from torch import nn, ones, sqrt, zeros
from torch.autograd import Function
from torch.nn.functional import pad


def per_channel(x):
    return x.view(1, -1, 1, 1)


class NormalisedChannels(Function):
    """Zero mean and unit variance of the channels of every pixel, with the gradient written out as the program has it."""

    @staticmethod
    def forward(context, x, weight, bias, epsilon):
        mean = x.mean(1, keepdim=True)
        deviation = sqrt((x - mean).pow(2).mean(1, keepdim=True) + epsilon)
        normal = (x - mean) / deviation
        context.save_for_backward(normal, deviation, weight)
        return per_channel(weight) * normal + per_channel(bias)

    @staticmethod
    def backward(context, upstream):
        normal, deviation, weight = context.saved_tensors
        scaled = upstream * per_channel(weight)
        along = (scaled * normal).mean(1, keepdim=True)
        grad = (scaled - normal * along - scaled.mean(1, keepdim=True)) / deviation
        return grad, (upstream * normal).sum((0, 2, 3)), upstream.sum((0, 2, 3)), None


class LayerNorm(nn.Module):
    def __init__(self, channels, epsilon=1e-6):
        super().__init__()
        self.weight = nn.Parameter(ones(channels))
        self.bias = nn.Parameter(zeros(channels))
        self.epsilon = epsilon

    def forward(self, x):
        return NormalisedChannels.apply(x, self.weight, self.bias, self.epsilon)


class Block(nn.Module):
    def __init__(self, channels, dw_expand, ffn_expand):
        super().__init__()
        deep, wide = channels * dw_expand, channels * ffn_expand
        self.norm1 = LayerNorm(channels)
        self.conv1 = nn.Conv2d(channels, deep, 1)
        self.conv2 = nn.Conv2d(deep, deep, 3, padding=1, groups=deep)
        self.se = nn.Sequential(
            nn.AdaptiveAvgPool2d(1),
            nn.Conv2d(deep, deep // 2, 1),
            nn.ReLU(inplace=True),
            nn.Conv2d(deep // 2, deep, 1),
            nn.Sigmoid(),
        )
        self.conv3 = nn.Conv2d(deep, channels, 1)
        self.norm2 = LayerNorm(channels)
        self.conv4 = nn.Conv2d(channels, wide, 1)
        self.conv5 = nn.Conv2d(wide, channels, 1)
        self.gelu = nn.GELU()
        self.beta = nn.Parameter(zeros(1, channels, 1, 1))
        self.gamma = nn.Parameter(zeros(1, channels, 1, 1))

    def forward(self, x):
        spread = self.gelu(self.conv2(self.conv1(self.norm1(x))))
        y = x + self.conv3(spread * self.se(spread)) * self.beta
        return y + self.conv5(self.gelu(self.conv4(self.norm2(y)))) * self.gamma


class Nafnet(nn.Module):
    """[batch, img_channel, height, width] -> the same; pads to a multiple of 2 to the number of levels."""

    def __init__(self, img_channel, width, enc_blk_nums, middle_blk_num, dec_blk_nums, dw_expand, ffn_expand):
        super().__init__()

        def blocks(channels, count):
            return nn.Sequential(*(Block(channels, dw_expand, ffn_expand) for _ in range(count)))

        widths = [width * 2**level for level in range(len(enc_blk_nums) + 1)]
        self.multiple = 2 ** len(enc_blk_nums)
        self.intro = nn.Conv2d(img_channel, width, 3, padding=1)
        self.encoders = nn.ModuleList(blocks(*level) for level in zip(widths, enc_blk_nums))
        self.downs = nn.ModuleList(nn.Conv2d(channels, 2 * channels, 2, 2) for channels in widths[:-1])
        self.middle_blks = blocks(widths[-1], middle_blk_num)
        self.ups = nn.ModuleList(
            nn.Sequential(nn.Conv2d(channels, 2 * channels, 1, bias=False), nn.PixelShuffle(2))
            for channels in widths[:0:-1]
        )
        self.decoders = nn.ModuleList(blocks(*level) for level in zip(widths[-2::-1], dec_blk_nums))
        self.ending = nn.Conv2d(width, img_channel, 3, padding=1)

    def forward(self, image):
        height, width = image.shape[2:]
        padded = pad(image, (0, -width % self.multiple, 0, -height % self.multiple))
        x = self.intro(padded)
        skips = []
        for encoder, down in zip(self.encoders, self.downs):
            x = encoder(x)
            skips.append(x)
            x = down(x)
        x = self.middle_blks(x)
        for up, decoder in zip(self.ups, self.decoders):
            x = decoder(up(x) + skips.pop())
        return (self.ending(x) + padded)[:, :, :height, :width]
