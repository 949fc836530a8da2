"""RRDBNet in PyTorch, the generator of ESRGAN and its successors, with the parameter names of BSRGAN's program."""

from torch import cat, nn
from torch.nn.functional import interpolate

RESIDUAL = 0.2
DENSE_BLOCKS = 3


def conv3(channels, out):
    return nn.Conv2d(channels, out, 3, padding=1)


class DenseBlock(nn.Module):
    """Five convolutions, each of which sees the block's input and all results before its own."""

    def __init__(self, nf, gc):
        super().__init__()
        for index in range(4):
            self.add_module(f"conv{index + 1}", conv3(nf + index * gc, gc))
        self.conv5 = conv3(nf + 4 * gc, nf)
        self.act = nn.LeakyReLU(0.2, inplace=True)
        for convolution in self.children():
            if isinstance(convolution, nn.Conv2d):
                nn.init.kaiming_normal_(convolution.weight)
                convolution.weight.data *= 0.1
                nn.init.zeros_(convolution.bias)

    def forward(self, x):
        x1 = self.act(self.conv1(x))
        x2 = self.act(self.conv2(cat((x, x1), 1)))
        x3 = self.act(self.conv3(cat((x, x1, x2), 1)))
        x4 = self.act(self.conv4(cat((x, x1, x2, x3), 1)))
        return self.conv5(cat((x, x1, x2, x3, x4), 1)) * RESIDUAL + x


class Rrdb(nn.Module):
    def __init__(self, nf, gc):
        super().__init__()
        for index in range(DENSE_BLOCKS):
            self.add_module(f"RDB{index + 1}", DenseBlock(nf, gc))

    def forward(self, x):
        return self.RDB3(self.RDB2(self.RDB1(x))) * RESIDUAL + x


class Rrdbnet(nn.Module):
    """[batch, in_nc, height, width] -> [batch, out_nc, 4 * height, 4 * width]"""

    def __init__(self, in_nc, out_nc, nf, nb, gc, sf):
        super().__init__()
        if sf != 4:
            raise ValueError(f"this RRDBNet enlarges by 4, not by {sf}")
        self.conv_first = conv3(in_nc, nf)
        self.RRDB_trunk = nn.Sequential(*(Rrdb(nf, gc) for _ in range(nb)))
        self.trunk_conv = conv3(nf, nf)
        self.upconv1 = conv3(nf, nf)
        self.upconv2 = conv3(nf, nf)
        self.HRconv = conv3(nf, nf)
        self.conv_last = conv3(nf, out_nc)
        self.act = nn.LeakyReLU(0.2, inplace=True)

    def forward(self, x):
        features = self.conv_first(x)
        y = features + self.trunk_conv(self.RRDB_trunk(features))
        for up in (self.upconv1, self.upconv2):
            y = self.act(up(interpolate(y, scale_factor=2, mode="nearest")))
        return self.conv_last(self.act(self.HRconv(y)))
