"""The student U-Net of AT-BSN, APR-RD and TM-BSN in PyTorch."""

from torch import cat, nn

POOLS = 5


class Layer(nn.Module):
    def __init__(self, channels, out):
        super().__init__()
        self.conv = nn.Conv2d(channels, out, 3, padding=1)
        self.activation = nn.LeakyReLU(0.1, inplace=True)

    def forward(self, x):
        return self.activation(self.conv(x))


class StudentUnet(nn.Module):
    """[batch, in_ch, height, width] -> [batch, out_ch, height, width]; height and width divisible by 32."""

    def __init__(self, in_ch, out_ch, channels):
        super().__init__()
        wide = 2 * channels
        for level in range(1, POOLS + 2):
            self.add_module(f"enc{level}", Layer(in_ch if level == 1 else channels, channels))
        for level in range(POOLS, 0, -1):
            below = channels if level == POOLS else wide
            self.add_module(f"dec{level}_2", Layer(below + channels, wide))
            last = nn.Conv2d(wide, out_ch, 3, padding=1) if level == 1 else Layer(wide, wide)
            self.add_module(f"dec{level}_1", last)
        self.pool = nn.MaxPool2d(2)
        self.upsample = nn.Upsample(scale_factor=2, mode="nearest")
        self.apply(initialise)

    def forward(self, x):
        layers = dict(self.named_children())
        skips = []
        for level in range(1, POOLS + 1):
            skips.append(layers[f"enc{level}"](x))
            x = self.pool(skips[-1])
        x = layers[f"enc{POOLS + 1}"](x)
        for level in range(POOLS, 0, -1):
            x = layers[f"dec{level}_2"](cat([self.upsample(x), skips.pop()], 1))
            x = layers[f"dec{level}_1"](x)
        return x


def initialise(module):
    if isinstance(module, nn.Conv2d):
        nn.init.kaiming_normal_(module.weight, a=0.1)
        nn.init.zeros_(module.bias)
