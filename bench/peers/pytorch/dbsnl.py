"""DBSNl in PyTorch, as the published programs define it: the network that Revela's is measured against."""

from torch import cat, nn, ones_like


class CentreMaskedConvolution(nn.Conv2d):
    """A convolution whose centre tap is set to zero in its weight before every use."""

    def __init__(self, width, kernel):
        super().__init__(width, width, kernel, padding=kernel // 2)
        mask = ones_like(self.weight)
        mask[:, :, kernel // 2, kernel // 2] = 0
        self.register_buffer("mask", mask)

    def forward(self, x):
        self.weight.data *= self.mask
        return super().forward(x)


class DilatedModule(nn.Module):
    def __init__(self, width, dilation):
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(width, width, 3, padding=dilation, dilation=dilation),
            nn.ReLU(inplace=True),
            nn.Conv2d(width, width, 1),
        )

    def forward(self, x):
        return x + self.body(x)


def relu_after(convolution):
    return [convolution, nn.ReLU(inplace=True)]


class Branch(nn.Module):
    def __init__(self, width, stride, modules):
        super().__init__()
        self.body = nn.Sequential(
            *relu_after(CentreMaskedConvolution(width, 2 * stride - 1)),
            *relu_after(nn.Conv2d(width, width, 1)),
            *relu_after(nn.Conv2d(width, width, 1)),
            *(DilatedModule(width, stride) for _ in range(modules)),
            *relu_after(nn.Conv2d(width, width, 1)),
        )

    def forward(self, x):
        return self.body(x)


class Dbsnl(nn.Module):
    """[batch, in_ch, height, width] -> [batch, out_ch, height, width]"""

    def __init__(self, in_ch, out_ch, base_ch, num_module):
        super().__init__()
        self.head = nn.Sequential(*relu_after(nn.Conv2d(in_ch, base_ch, 1)))
        self.branch1 = Branch(base_ch, 2, num_module)
        self.branch2 = Branch(base_ch, 3, num_module)
        self.tail = nn.Sequential(
            *relu_after(nn.Conv2d(2 * base_ch, base_ch, 1)),
            *relu_after(nn.Conv2d(base_ch, base_ch // 2, 1)),
            *relu_after(nn.Conv2d(base_ch // 2, base_ch // 2, 1)),
            nn.Conv2d(base_ch // 2, out_ch, 1),
        )

    def forward(self, x):
        features = self.head(x)
        return self.tail(cat([self.branch1(features), self.branch2(features)], 1))
