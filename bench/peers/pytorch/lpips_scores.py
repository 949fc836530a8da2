"""Prints LPIPS of published pairs of pictures with the real networks, in double precision: python3 lpips_scores.py SHARED"""

import json
import struct
import sys
from pathlib import Path

import numpy as np
import torch

from distances import Lpips

NETWORKS = {"alex": "alexnet-features", "squeeze": "squeezenet1_1-full"}
PICTURES = ("I03", "I04", "I06", "I08", "I19")


def bitmap(path):
    """24 bits, rows from the bottom, blue first."""
    data = path.read_bytes()
    (start,), (width, height) = struct.unpack_from("<I", data, 10), struct.unpack_from("<ii", data, 18)
    stride = (width * 3 + 3) // 4 * 4
    rows = np.frombuffer(data, np.uint8, stride * height, start).reshape(height, stride)
    picture = rows[::-1, : width * 3].reshape(height, width, 3)[:, :, ::-1]
    return torch.from_numpy(picture.transpose(2, 0, 1).copy()).double()[None] / 255


def safetensors(path):
    data = path.read_bytes()
    (length,) = struct.unpack_from("<Q", data)
    start = 8 + length
    for key, facts in json.loads(data[8:start]).items():
        if key == "__metadata__":
            continue
        first, end = facts["data_offsets"]
        numbers = np.frombuffer(data[start + first : start + end], {"F32": "<f4", "F16": "<f2"}[facts["dtype"]])
        yield key, torch.from_numpy(numbers.astype(np.float64).reshape(facts["shape"]))


def main(shared):
    folder = shared / "data/iqa_reference_scores/iqa_pytorch"
    for name, file in NETWORKS.items():
        measure = Lpips(name).double()
        weights = dict(safetensors(shared / f"weights/{file}.safetensors"))
        measure.features.load_state_dict(
            {key.removeprefix("features."): value for key, value in weights.items() if key.startswith("features.")}
        )
        heads = torch.load(shared / f"weights/lpips_v0.1_{name}.pth", map_location="cpu")
        for i, head in enumerate(measure.heads):
            head.weight.data = heads[f"lin{i}.model.1.weight"].double()
        for picture in PICTURES:
            pair = [bitmap(folder / side / f"{picture}.bmp") for side in ("dist_dir", "ref_dir")]
            with torch.no_grad():
                print(name, picture, float(measure(*pair).sum()))


main(Path(sys.argv[1]))
