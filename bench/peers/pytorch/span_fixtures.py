"""Makes the fixtures of SPAN: python3 span_fixtures.py FOLDER

Everything is computed in double precision, the branches one after another; the plain form is folded from them by what they make of
single pixels."""

import json
import sys
from pathlib import Path

import numpy as np
import torch

from distance_fixtures import drawn, write
from span import Branches, Span

SMALL = {"num_in_ch": 3, "num_out_ch": 3, "feature_channels": 6, "upscale": 3, "img_range": 255.0}


def filled(network, gain):
    """Parameters by the fixtures' hash rule."""
    order = []
    for k, (key, tensor) in enumerate(network.state_dict().items(), 1):
        r = drawn(tensor.shape, k)
        scale = gain * np.sqrt(3 / np.prod(tensor.shape[1:])) if tensor.dim() > 1 else 0.1
        tensor.copy_(torch.from_numpy((r * scale).astype(np.float32)))
        order.append([key, list(tensor.shape)])
    return order


def picture(shape, k):
    return torch.from_numpy((0.5 + 0.5 * drawn(shape, k)).astype(np.float32)).double()


def numbers(tensors):
    return {name: tensor.detach().numpy() for name, tensor in tensors.items()}


def main(folder):
    with torch.no_grad():
        network = Span(**SMALL).double()
        filled(network, 0.7)
    x = picture((2, 3, 9, 11), 500).requires_grad_()
    target = picture((2, 3, 27, 33), 501)
    output = network(x)
    loss = (output - target).abs().mean()
    loss.backward()
    learnt = dict(network.named_parameters())
    common = {"kind": "network", "network": "span", "parameters_from": "explicit"}
    write(
        folder / "span.safetensors",
        {
            **common,
            "mode": "train",
            "config": json.dumps({**SMALL, "form": "branches"}),
            "description": "SPAN as it is learnt, its branches run one after another, in double precision",
        },
        numbers(
            {
                **{f"param/{key}": tensor for key, tensor in learnt.items()},
                **{"input": x, "output": output, "target": target, "loss_l1": loss, "grad_input": x.grad},
                **{f"grad/{key}": tensor.grad for key, tensor in learnt.items()},
            }
        ),
    )
    plain = {key: tensor for key, tensor in learnt.items() if key.startswith(("conv_cat.", "upsampler."))}
    with torch.no_grad():
        for name, module in network.named_modules():
            if isinstance(module, Branches):
                plain[f"{name}.eval_conv.weight"], plain[f"{name}.eval_conv.bias"] = module.folded()
        other = Span(**SMALL, form="plain").double()
        other.load_state_dict(plain)
        print("folding changes the result by", float((other(x) - output).abs().max()))
    write(
        folder / "span_plain.safetensors",
        {
            **common,
            "mode": "eval",
            "config": json.dumps({**SMALL, "form": "plain"}),
            "description": "The network of span.safetensors, its branches folded; the output is the branches'",
        },
        numbers({**{f"param/{key}": tensor for key, tensor in plain.items()}, "input": x, "output": output}),
    )
    with torch.no_grad():
        full = Span().double()
        order = filled(full, 0.5)
        y = picture((1, 3, 24, 20), 502)
        write(
            folder / "span_full.safetensors",
            {
                **{**common, "parameters_from": "hash", "gain": "0.5", "mode": "eval"},
                **{"config": json.dumps({"form": "branches"}), "parameter_order": json.dumps(order)},
                "description": "SPAN of the paper's size, its branches run one after another, in double precision",
            },
            numbers({"input": y, "output": full(y)}),
        )


main(Path(sys.argv[1]))
