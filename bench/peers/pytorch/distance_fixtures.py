"""Makes the fixtures of LPIPS and DISTS: python3 distance_fixtures.py FOLDER

Weights follow the fixtures' hash rule, pictures are waves and noise, and everything is computed in double precision."""

import json
import struct
import sys
from pathlib import Path

import numpy as np
import torch

from backbones import BACKBONES
from distances import Dists, Lpips

GAIN = 1.4
SHAPE = (2, 3, 56, 64)


def mixed(h):
    """MurmurHash3's finaliser on unsigned 32-bit integers."""
    h ^= h >> np.uint32(16)
    h *= np.uint32(0x85EBCA6B)
    h ^= h >> np.uint32(13)
    h *= np.uint32(0xC2B2AE35)
    return h ^ h >> np.uint32(16)


def drawn(shape, k):
    """Numbers in [-1, 1]."""
    i = np.arange(int(np.prod(shape)), dtype=np.uint64) + np.uint64(k * 0x9E3779B9 % 2**32)
    return (2 * mixed((i % 2**32).astype(np.uint32)).astype(np.float64) / 4294967295 - 1).reshape(shape)


def fill(features):
    order = []
    for k, (key, tensor) in enumerate(features.state_dict().items(), 1):
        r = drawn(tensor.shape, k)
        scale = GAIN * np.sqrt(3 / np.prod(tensor.shape[1:])) if tensor.dim() > 1 else 0.1
        tensor.copy_(torch.from_numpy((r * scale).astype(np.float32)))
        order.append([f"features.{key}", list(tensor.shape)])
    return order


def pictures():
    _, _, height, width = SHAPE
    y, x = np.mgrid[0:height, 0:width]
    wave = [0.5 + 0.3 * np.sin(x / (3 + c + b) + c) * np.cos(y / (5 - c) + b) for b in range(2) for c in range(3)]
    clean = np.stack(wave).reshape(SHAPE)
    noisy = clean + 0.12 * drawn(SHAPE, 1000)
    noisy[1] = 0.7 * np.roll(clean[1], 2, 2) + 0.2
    return [np.clip(z, 0, 1).astype(np.float32) for z in (noisy, clean)]


def write(path, metadata, tensors):
    header, offset, blocks = {"__metadata__": metadata}, 0, []
    for name, values in tensors.items():
        block = np.ascontiguousarray(values, dtype="<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(np.shape(values)), "data_offsets": [offset, offset + len(block)]}
        offset += len(block)
        blocks.append(block)
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(struct.pack("<Q", len(text)) + text + b"".join(blocks))


def main(folder):
    noisy, clean = pictures()
    x = torch.from_numpy(noisy).double().requires_grad_()
    y = torch.from_numpy(clean).double()
    common = {"kind": "method", "parameters_from": "hash", "gain": str(GAIN)}
    for name in BACKBONES:
        with torch.no_grad():
            measure = Lpips(name)
            order = fill(measure.features)
            heads = {}
            for i, head in enumerate(measure.heads):
                head.weight.copy_(torch.from_numpy((1 + drawn(head.weight.shape, 100 + i)).astype(np.float32)))
                heads[f"heads/lin{i}.model.1.weight"] = head.weight.numpy().copy()
        terms = measure.double()(x, y)
        (slope,) = torch.autograd.grad(terms.sum(), x)
        print(name, terms)
        write(
            folder / f"lpips_{name}.safetensors",
            {
                **common,
                "method": "lpips",
                "config": json.dumps({"net": name}),
                "parameter_order": json.dumps(order),
                "description": "LPIPS 0.1 of pictures x and y in [0, 1] with made weights, in double precision: "
                "distances at every layer, [batch, layers]; grad_x of the sum of all",
            },
            {"x": noisy, "y": clean, **heads, "distances": terms.detach().numpy(), "grad_x": slope.numpy()},
        )
    with torch.no_grad():
        measure = Dists()
        order = fill(measure.features)
        for k, weights in enumerate((measure.alpha, measure.beta)):
            weights.copy_(torch.from_numpy((1 + drawn(weights.shape, 200 + k)).astype(np.float32)))
        made = {"alpha": measure.alpha.numpy().copy(), "beta": measure.beta.numpy().copy()}
    score = measure.double()(x, y)
    (slope,) = torch.autograd.grad(score.sum(), x)
    print("dists", score)
    write(
        folder / "dists.safetensors",
        {
            **common,
            "method": "dists",
            "config": "{}",
            "parameter_order": json.dumps(order),
            "description": "DISTS of pictures x and y in [0, 1] with made weights, in double precision: score, [batch]; "
            "grad_x of the sum of both",
        },
        {"x": noisy, "y": clean, **made, "score": score.detach().numpy(), "grad_x": slope.numpy()},
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
