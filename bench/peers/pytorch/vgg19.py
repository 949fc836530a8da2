"""VGG19 in PyTorch up to its last convolution, and the perceptual loss of ESRGAN's successors on it."""

from torch import nn, tensor
from torch.nn.functional import l1_loss

BLOCKS = ((64, 64), (128, 128), (256,) * 4, (512,) * 4, (512,) * 4)

"""Weights of the last convolution of every block, before its ReLU."""
LAYER_WEIGHTS = (0.1, 0.1, 1.0, 1.0, 1.0)


class Vgg19(nn.Module):
    """Pictures in [0, 1] -> the results of the last convolution of each of the five blocks."""

    def __init__(self):
        super().__init__()
        self.register_buffer("mean", tensor((0.485, 0.456, 0.406)).view(1, 3, 1, 1), persistent=False)
        self.register_buffer("deviation", tensor((0.229, 0.224, 0.225)).view(1, 3, 1, 1), persistent=False)
        layers, self.compared, channels = [], [], 3
        for block in BLOCKS:
            if layers:
                layers.append(nn.MaxPool2d(2, 2))
            for width in block:
                # Not in place: what is compared is what was there before.
                layers += [nn.Conv2d(channels, width, 3, padding=1), nn.ReLU()]
                channels = width
            self.compared.append(len(layers) - 2)
        self.features = nn.Sequential(*layers[:-1])
        for layer in self.features:
            if isinstance(layer, nn.Conv2d):
                nn.init.kaiming_normal_(layer.weight)
                nn.init.zeros_(layer.bias)

    def forward(self, picture):
        x = (picture - self.mean) / self.deviation
        found = []
        for place, layer in enumerate(self.features):
            x = layer(x)
            if place in self.compared:
                found.append(x)
        return found


def perceptual_loss(vgg, made, real):
    """The features of the real picture are a target: no graph is kept for them."""
    targets = [features.detach() for features in vgg(real)]
    return sum(weight * l1_loss(own, target) for weight, own, target in zip(LAYER_WEIGHTS, vgg(made), targets))
