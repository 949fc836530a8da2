"""The two encoders of CLIP with a ResNet in PyTorch, frozen.

Batch normalisation, which of a frozen CLIP is the same affine map for every picture, is part of the convolutions: that is
faster than the modules that the published program has, in evaluation mode.
"""

import torch
from torch import cat, nn
from torch.nn.functional import avg_pool2d, multi_head_attention_forward, relu


def convolution(channels, out, kernel, stride=1):
    layer = nn.Conv2d(channels, out, kernel, stride, padding=kernel // 2)
    nn.init.kaiming_normal_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


class Bottleneck(nn.Module):
    """Where the size halves, an average pool does it."""

    def __init__(self, channels, width, halving):
        super().__init__()
        self.conv1 = convolution(channels, width, 1)
        self.conv2 = convolution(width, width, 3)
        self.conv3 = convolution(width, 4 * width, 1)
        self.halving = halving
        self.downsample = nn.Sequential(convolution(channels, 4 * width, 1)) if channels != 4 * width else None

    def forward(self, x):
        y = relu(self.conv2(relu(self.conv1(x), inplace=True)), inplace=True)
        if self.halving:
            x, y = avg_pool2d(x, 2), avg_pool2d(y, 2)
        shortcut = x if self.downsample is None else self.downsample(x)
        return relu(self.conv3(y) + shortcut, inplace=True)


class AttentionPool(nn.Module):
    """The mean of all positions asks itself and all positions; without the table of places, at any size."""

    def __init__(self, width, embed_dim, image_resolution):
        super().__init__()
        self.positional_embedding = nn.Parameter(torch.randn((image_resolution // 32) ** 2 + 1, width) / width**0.5)
        self.k_proj, self.q_proj, self.v_proj = (nn.Linear(width, width) for _ in range(3))
        self.c_proj = nn.Linear(width, embed_dim)
        self.heads = max(1, width // 64)

    def forward(self, x):
        tokens = x.flatten(2).permute(2, 0, 1)
        tokens = cat([tokens.mean(0, keepdim=True), tokens])
        embedding, _ = multi_head_attention_forward(
            query=tokens[:1],
            key=tokens,
            value=tokens,
            embed_dim_to_check=x.shape[1],
            num_heads=self.heads,
            in_proj_weight=None,
            in_proj_bias=cat([self.q_proj.bias, self.k_proj.bias, self.v_proj.bias]),
            bias_k=None,
            bias_v=None,
            add_zero_attn=False,
            dropout_p=0.0,
            out_proj_weight=self.c_proj.weight,
            out_proj_bias=self.c_proj.bias,
            use_separate_proj_weight=True,
            q_proj_weight=self.q_proj.weight,
            k_proj_weight=self.k_proj.weight,
            v_proj_weight=self.v_proj.weight,
            training=False,
            need_weights=False,
        )
        return embedding[0]


class ImageEncoder(nn.Module):
    """Pictures in [0, 1], sides multiples of 32 -> the features of the four stages and the embedding, by name."""

    def __init__(self, embed_dim, image_resolution, vision_layers, vision_width, **_):
        super().__init__()
        width = vision_width
        self.register_buffer("mean", torch.tensor((0.48145466, 0.4578275, 0.40821073)).view(1, 3, 1, 1), False)
        self.register_buffer("deviation", torch.tensor((0.26862954, 0.26130258, 0.27577711)).view(1, 3, 1, 1), False)
        self.conv1 = convolution(3, width // 2, 3, stride=2)
        self.conv2 = convolution(width // 2, width // 2, 3)
        self.conv3 = convolution(width // 2, width, 3)
        channels = width
        for index, count in enumerate(vision_layers):
            inner = width * 2**index
            blocks = [Bottleneck(channels, inner, halving=index > 0)]
            blocks += [Bottleneck(4 * inner, inner, halving=False) for _ in range(count - 1)]
            self.add_module(f"layer{index + 1}", nn.Sequential(*blocks))
            channels = 4 * inner
        self.attnpool = AttentionPool(channels, embed_dim, image_resolution)

    def forward(self, picture):
        x = (picture - self.mean) / self.deviation
        for stem in (self.conv1, self.conv2, self.conv3):
            x = relu(stem(x), inplace=True)
        x = avg_pool2d(x, 2)
        seen = {}
        for name in ("layer1", "layer2", "layer3", "layer4"):
            x = seen[name] = self.get_submodule(name)(x)
        return {**seen, "embedding": self.attnpool(x)}


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.attn = nn.MultiheadAttention(width, heads)
        self.ln_1 = nn.LayerNorm(width)
        self.mlp = nn.Module()
        self.mlp.c_fc = nn.Linear(width, 4 * width)
        self.mlp.c_proj = nn.Linear(4 * width, width)
        self.ln_2 = nn.LayerNorm(width)

    def forward(self, x, mask):
        normal = self.ln_1(x)
        x = x + self.attn(normal, normal, normal, need_weights=False, attn_mask=mask)[0]
        hidden = self.mlp.c_fc(self.ln_2(x))
        return x + self.mlp.c_proj(hidden * torch.sigmoid(1.702 * hidden))


class TextEncoder(nn.Module):
    """Vectors of tokens [texts, tokens, transformer_width], read at the last -> [texts, embed_dim]

    Only as many tokens as there are, where the published program would fill up to `context_length`.
    """

    def __init__(self, embed_dim, context_length, transformer_width, transformer_heads, transformer_layers, **_):
        super().__init__()
        width = transformer_width
        self.positional_embedding = nn.Parameter(torch.randn(context_length, width) * 0.01)
        self.transformer = nn.Module()
        blocks = (Block(width, transformer_heads) for _ in range(transformer_layers))
        self.transformer.resblocks = nn.ModuleList(blocks)
        self.ln_final = nn.LayerNorm(width)
        self.text_projection = nn.Parameter(torch.randn(width, embed_dim) / width**0.5)

    def forward(self, vectors):
        tokens = vectors.shape[1]
        mask = torch.full((tokens, tokens), float("-inf")).triu_(1)
        x = (vectors + self.positional_embedding[:tokens]).permute(1, 0, 2)
        for block in self.transformer.resblocks:
            x = block(x, mask)
        return self.ln_final(x[-1]) @ self.text_projection
