"""The U-Net with five poolings of AMSNet in PyTorch, after Laine et al., without a blind spot."""

from torch import cat, nn, no_grad

POOLS = 5
OUTPUT_WIDTH = 96


class Doubling(nn.Module):
    def __init__(self, channels, out):
        super().__init__()
        self.deconv = nn.ConvTranspose2d(channels, out, 2, 2)

    def forward(self, x):
        return self.deconv(x)


class Unet(nn.Module):
    """[batch, in_nc, height, width] -> [batch, out_nc, height, width]; height and width divisible by 32."""

    def __init__(self, in_nc, out_nc, n_feature):
        super().__init__()
        wide = 2 * n_feature
        for level in range(POOLS + 2):
            channels = in_nc if level == 0 else n_feature
            self.add_module(f"enc_conv{level}", nn.Conv2d(channels, n_feature, 3, padding=1))
        for level in range(POOLS, 0, -1):
            inner = n_feature if level == POOLS else wide
            width, skip = (OUTPUT_WIDTH, in_nc) if level == 1 else (wide, n_feature)
            self.add_module(f"up{level}", Doubling(inner, inner))
            self.add_module(f"dec_conv{level}a", nn.Conv2d(inner + skip, width, 3, padding=1))
            self.add_module(f"dec_conv{level}b", nn.Conv2d(width, width, 3, padding=1))
        self.nin_a = nn.Conv2d(OUTPUT_WIDTH, OUTPUT_WIDTH, 1)
        self.nin_b = nn.Conv2d(OUTPUT_WIDTH, OUTPUT_WIDTH, 1)
        self.nin_c = nn.Conv2d(OUTPUT_WIDTH, out_nc, 1)
        self.activation = nn.LeakyReLU(0.2, inplace=True)
        self.pool = nn.MaxPool2d(2)
        self.apply(initialise)

    def forward(self, image):
        layers = dict(self.named_children())

        def layer(name, x):
            return self.activation(layers[name](x))

        skips = [image]
        x = layer("enc_conv0", image)
        for level in range(1, POOLS + 1):
            x = self.pool(layer(f"enc_conv{level}", x))
            skips.append(x)
        x = layer(f"enc_conv{POOLS + 1}", skips.pop())
        for level in range(POOLS, 0, -1):
            x = cat([layers[f"up{level}"](x), skips.pop()], 1)
            x = layer(f"dec_conv{level}b", layer(f"dec_conv{level}a", x))
        return self.nin_c(layer("nin_b", layer("nin_a", x)))


def initialise(module):
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.kaiming_normal_(module.weight)
        nn.init.zeros_(module.bias)
        with no_grad():
            module.weight *= 0.1
